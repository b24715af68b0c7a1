package io.restpipe.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import io.restpipe.auth.internal.StrictJson;
import io.restpipe.auth.internal.StrictJson.JsonException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keys as JSON: one (RFC 7517 section 4) or a set of them (section 5). Of a set, keys of kinds and
 * for uses that are not ours are passed over, as section 5 wants it.
 */
final class Jwk {

  private static final Set<String> KINDS = Set.of("RSA", "EC", "OKP", "oct");

  private Jwk() {}

  /**
   * The keys that are for signatures.
   *
   * @throws KeyException if there is none, or one is damaged
   */
  static List<KeyMaterial> parse(byte[] json) throws KeyException {
    Map<String, @Nullable Object> object;
    try {
      object = StrictJson.object(json);
    } catch (JsonException wrong) {
      throw new KeyException("the key file " + wrong.getMessage());
    }
    if (!object.containsKey("keys")) {
      return List.of(
          read(object)
              .orElseThrow(
                  () ->
                      new KeyException(
                          "the key is not for signatures, or of a kind that is not supported")));
    }
    return set(object.get("keys"));
  }

  private static List<KeyMaterial> set(@Nullable Object array) throws KeyException {
    if (!(array instanceof List<?> items) || items.size() > KeySet.MAX_KEYS) {
      throw new KeyException("keys is no array, or has more than " + KeySet.MAX_KEYS + " keys");
    }
    List<KeyMaterial> keys = new ArrayList<>();
    for (Object item : items) {
      if (item instanceof Map<?, ?> map) {
        read(map).ifPresent(keys::add);
      } else {
        throw new KeyException("what is in keys is no key");
      }
    }
    if (keys.isEmpty()) {
      throw new KeyException("there is no key for signatures in the set");
    }
    return keys;
  }

  private static Optional<KeyMaterial> read(Map<?, ?> json) throws KeyException {
    if (!isForSignatures(json)) {
      return Optional.empty();
    }
    JwsAlgorithm pinned = null;
    if (json.get("alg") != null) {
      Optional<JwsAlgorithm> named = JwsAlgorithm.find(String.valueOf(json.get("alg")));
      if (named.isEmpty()) {
        return Optional.empty();
      }
      pinned = named.orElseThrow();
    }
    String id = json.get("kid") instanceof String text ? text : null;
    try {
      @SuppressWarnings("unchecked") // what was read of JSON has texts as keys
      JWK key = JWK.parse((Map<String, Object>) json);
      return material(key, pinned, id);
    } catch (ParseException | RuntimeException e) {
      throw new KeyException("a key in it is damaged" + (id == null ? "" : ": " + printable(id)));
    } catch (JOSEException | GeneralSecurityException | IOException e) {
      throw new KeyException("a key in it can't be used", e);
    }
  }

  private static String printable(String id) {
    return id.replaceAll("[^ -~]", "?");
  }

  private static boolean isForSignatures(Map<?, ?> json) {
    if (json.get("kty") instanceof String kind && !KINDS.contains(kind)) {
      return false;
    }
    Object use = json.get("use");
    if (use != null && !use.equals("sig")) {
      return false;
    }
    return !(json.get("key_ops") instanceof List<?> operations)
        || operations.contains("verify")
        || operations.contains("sign");
  }

  private static Optional<KeyMaterial> material(
      JWK key, @Nullable JwsAlgorithm pinned, @Nullable String id)
      throws JOSEException, GeneralSecurityException, IOException {
    if (key instanceof OctetSequenceKey secret) {
      return Optional.of(new KeyMaterial(pinned, id, secret.toByteArray(), null, null));
    }
    if (key instanceof RSAKey rsa) {
      return Optional.of(
          new KeyMaterial(
              pinned, id, null, rsa.toPublicKey(), rsa.isPrivate() ? rsa.toPrivateKey() : null));
    }
    if (key instanceof ECKey ec && JwsAlgorithm.of(ec.getCurve()).isPresent()) {
      return Optional.of(
          new KeyMaterial(
              pinned, id, null, ec.toPublicKey(), ec.isPrivate() ? ec.toPrivateKey() : null));
    }
    if (key instanceof OctetKeyPair pair && Curve.Ed25519.equals(pair.getCurve())) {
      PublicKey publicKey = PublicHalf.edwards(pair.getDecodedX());
      return Optional.of(new KeyMaterial(pinned, id, null, publicKey, privateKey(pair)));
    }
    return Optional.empty();
  }

  private static @Nullable PrivateKey privateKey(OctetKeyPair pair)
      throws GeneralSecurityException {
    byte[] seed = pair.getDecodedD();
    return seed == null
        ? null
        : KeyFactory.getInstance("Ed25519")
            .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
  }
}
