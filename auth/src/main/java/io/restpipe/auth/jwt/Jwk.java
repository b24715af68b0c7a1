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
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keys as JSON: one (RFC 7517 section 4) or a set of them (section 5). Of a set, keys of kinds and
 * for uses that are not ours are passed over, as section 5 wants it.
 */
final class Jwk {

  private static final Set<String> KINDS = Set.of("RSA", "EC", "OKP", "oct");
  private static final Set<Curve> EDWARDS = Set.of(Curve.Ed25519, Curve.Ed448);

  private static final Set<String> NUMBERS =
      Set.of("kty", "crv", "x", "y", "n", "e", "k", "d", "p", "q", "dp", "dq", "qi", "oth");

  private Jwk() {}

  /**
   * The keys that are for signatures.
   *
   * @throws KeyException if there is none, or one is damaged
   */
  static List<KeyMaterial> parse(byte[] json) throws KeyException {
    Map<String, @Nullable Object> object = object(json);
    if (object.containsKey("keys")) {
      List<KeyMaterial> keys = new ArrayList<>();
      for (Map<?, ?> item : items(object)) {
        if (whyNot(item) == null) {
          keys.add(read(item));
        }
      }
      return atLeastOne(keys);
    }
    String why = whyNot(object);
    if (why != null) {
      throw new KeyException("the key can't be used for signatures: " + why);
    }
    return List.of(read(object));
  }

  /**
   * The keys that are for signatures, of a set that somebody else keeps: one that is damaged spoils
   * only itself.
   *
   * @throws KeyException if there is none
   */
  static List<KeyMaterial> parseLenient(byte[] json, Consumer<KeyException> damaged)
      throws KeyException {
    List<KeyMaterial> keys = new ArrayList<>();
    for (Map<?, ?> item : items(object(json))) {
      try {
        if (whyNot(item) == null) {
          keys.add(read(item));
        }
      } catch (KeyException wrong) {
        damaged.accept(wrong);
      }
    }
    return atLeastOne(keys);
  }

  private static Map<String, @Nullable Object> object(byte[] json) throws KeyException {
    try {
      return StrictJson.object(json);
    } catch (JsonException wrong) {
      throw new KeyException("the key file " + wrong.getMessage());
    }
  }

  private static List<Map<?, ?>> items(Map<?, ?> set) throws KeyException {
    if (!(set.get("keys") instanceof List<?> items) || items.size() > KeySet.MAX_KEYS) {
      throw new KeyException("keys is no array, or has more than " + KeySet.MAX_KEYS + " keys");
    }
    List<Map<?, ?>> keys = new ArrayList<>();
    for (Object item : items) {
      if (!(item instanceof Map<?, ?> key)) {
        throw new KeyException("what is in keys is no key");
      }
      keys.add(key);
    }
    return keys;
  }

  private static List<KeyMaterial> atLeastOne(List<KeyMaterial> keys) throws KeyException {
    if (keys.isEmpty()) {
      throw new KeyException("there is no key for signatures in the set");
    }
    return keys;
  }

  /** Why a key is not for us, although nothing is wrong with it; null where it is. */
  private static @Nullable String whyNot(Map<?, ?> json) {
    if (json.get("kty") instanceof String kind && !KINDS.contains(kind)) {
      return "its kty is " + printable(kind);
    }
    if (json.get("use") != null && !json.get("use").equals("sig")) {
      return "its use is " + printable(json.get("use"));
    }
    if (json.get("key_ops") instanceof List<?> operations) {
      Set<String> words = new HashSet<>();
      operations.forEach(text -> words.addAll(List.of(String.valueOf(text).split("[ ,]+", -1))));
      if (!words.contains("verify") && !words.contains("sign")) {
        return "its key_ops are neither verify nor sign";
      }
    }
    if (json.get("alg") != null && algorithm(json).isEmpty()) {
      return "its alg is " + printable(json.get("alg"));
    }
    if (json.get("crv") instanceof String curve && !isOurs(Curve.parse(curve))) {
      return "its crv is " + printable(curve);
    }
    return null;
  }

  private static boolean isOurs(Curve curve) {
    return EDWARDS.contains(curve) || JwsAlgorithm.of(curve).isPresent();
  }

  /** ES521 is no name of RFC 7518, but that by which many know ES512: its curve is P-521. */
  private static Optional<JwsAlgorithm> algorithm(Map<?, ?> json) {
    String name = String.valueOf(json.get("alg"));
    return JwsAlgorithm.find(
        name.equals("ES521") && "P-521".equals(json.get("crv")) ? "ES512" : name);
  }

  private static String printable(Object text) {
    String plain = String.valueOf(text).replaceAll("[^ -~]", "?");
    return plain.length() > 80 ? plain.substring(0, 80) + "..." : plain;
  }

  private static KeyMaterial read(Map<?, ?> json) throws KeyException {
    String id = json.get("kid") instanceof String text ? text : null;
    String named = id == null ? "" : ": " + printable(id);
    try {
      return material(JWK.parse(numbers(json)), algorithm(json).orElse(null), id);
    } catch (ParseException | RuntimeException e) {
      throw new KeyException("a key in it is damaged" + named);
    } catch (JOSEException | GeneralSecurityException | IOException e) {
      throw new KeyException("a key in it can't be used" + named, e);
    }
  }

  /** What the key is; what else is said of it was looked at, or is nothing to us. */
  private static Map<String, Object> numbers(Map<?, ?> json) {
    Map<String, Object> numbers = new HashMap<>();
    for (String name : NUMBERS) {
      Object value = json.get(name);
      if (value != null) {
        numbers.put(name, value);
      }
    }
    return numbers;
  }

  private static KeyMaterial material(JWK key, @Nullable JwsAlgorithm pinned, @Nullable String id)
      throws JOSEException, GeneralSecurityException, IOException {
    if (key instanceof OctetSequenceKey secret) {
      return new KeyMaterial(pinned, id, secret.toByteArray(), null, null);
    }
    if (key instanceof RSAKey rsa) {
      return new KeyMaterial(
          pinned, id, null, rsa.toPublicKey(), rsa.isPrivate() ? rsa.toPrivateKey() : null);
    }
    if (key instanceof ECKey ec) {
      return new KeyMaterial(
          pinned, id, null, ec.toPublicKey(), ec.isPrivate() ? ec.toPrivateKey() : null);
    }
    var pair = (OctetKeyPair) key;
    return new KeyMaterial(
        pinned, id, null, PublicHalf.edwards(pair.getDecodedX()), privateKey(pair));
  }

  private static @Nullable PrivateKey privateKey(OctetKeyPair pair)
      throws GeneralSecurityException {
    byte[] seed = pair.getDecodedD();
    NamedParameterSpec curve =
        Curve.Ed448.equals(pair.getCurve()) ? NamedParameterSpec.ED448 : NamedParameterSpec.ED25519;
    return seed == null
        ? null
        : KeyFactory.getInstance("EdDSA").generatePrivate(new EdECPrivateKeySpec(curve, seed));
  }
}
