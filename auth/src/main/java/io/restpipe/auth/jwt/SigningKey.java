package io.restpipe.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import io.restpipe.auth.internal.JsonText;
import io.restpipe.auth.jwt.JwsAlgorithm.Family;
import io.restpipe.security.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A key that tokens are signed with, for one algorithm. Immutable. */
public final class SigningKey {

  private final JwsAlgorithm algorithm;
  private final @Nullable String id;
  private final KeyMaterial material;
  private final VerificationKey verification;

  private SigningKey(JwsAlgorithm algorithm, KeyMaterial material) throws KeyException {
    this.algorithm = algorithm;
    this.id = material.id();
    this.material = material;
    this.verification = material.verification(algorithm);
  }

  /**
   * A shared secret.
   *
   * @throws KeyException if it is too short
   */
  public static SigningKey secret(JwsAlgorithm algorithm, byte[] secret) throws KeyException {
    return new SigningKey(algorithm, KeyMaterial.ofSecret(secret.clone()));
  }

  /**
   * Reads a file with a private key or a shared secret, in each form that {@link KeyFile} reads. Of
   * a set, the first one that can sign. Its {@code kid} is the file's, or the key's thumbprint (RFC
   * 7638).
   *
   * @param wanted the algorithm; null for the one that the key names, or the usual one of its kind
   * @throws KeyException if there is none, or it must not be used
   */
  public static SigningKey read(Path file, @Nullable JwsAlgorithm wanted) throws KeyException {
    try {
      return parse(file.toString(), Files.readAllBytes(file), wanted).get(0);
    } catch (KeyException e) {
      throw new KeyException(file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new KeyException(file + ": can't be read", e);
    }
  }

  /** All that can sign, in order; at least one. */
  static List<SigningKey> parse(String name, byte[] content, @Nullable JwsAlgorithm wanted)
      throws KeyException {
    List<SigningKey> keys = new ArrayList<>();
    for (KeyMaterial material : KeyFile.materials(name, content)) {
      if (material.signs()) {
        keys.add(of(material, wanted));
      }
    }
    if (keys.isEmpty()) {
      throw new KeyException("it holds public keys only; tokens are signed with a private one");
    }
    return keys;
  }

  private static SigningKey of(KeyMaterial material, @Nullable JwsAlgorithm wanted)
      throws KeyException {
    Collection<JwsAlgorithm> allowed = wanted == null ? List.of() : List.of(wanted);
    JwsAlgorithm algorithm = material.algorithms(allowed).get(0);
    if (material.id() == null && material.publicKey() != null) {
      return new SigningKey(
          algorithm,
          new KeyMaterial(
              algorithm,
              thumbprint(algorithm, material.publicKey()),
              null,
              material.publicKey(),
              material.privateKey()));
    }
    return new SigningKey(algorithm, material);
  }

  /** Makes a new pair of keys: of RSA with 3072 bits. */
  public static SigningKey generate(JwsAlgorithm algorithm) {
    try {
      KeyPair pair = generator(algorithm).generateKeyPair();
      return of(new KeyMaterial(null, null, null, pair.getPublic(), pair.getPrivate()), algorithm);
    } catch (GeneralSecurityException | KeyException e) {
      throw new IllegalStateException("this JDK makes no keys for " + algorithm.token(), e);
    }
  }

  private static KeyPairGenerator generator(JwsAlgorithm algorithm)
      throws GeneralSecurityException {
    if (algorithm.family() == Family.RSA) {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(3072);
      return generator;
    }
    if (algorithm.family() == Family.EC && algorithm.curve() != null) {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(algorithm.curve().getStdName()));
      return generator;
    }
    if (algorithm.family() == Family.EDWARDS) {
      return KeyPairGenerator.getInstance(algorithm == JwsAlgorithm.ED448 ? "Ed448" : "Ed25519");
    }
    throw new IllegalArgumentException("a shared secret has no pair: " + algorithm.token());
  }

  /**
   * Reads the key in a file, or makes one for ES256 there if nothing is there.
   *
   * @throws KeyException if it can't be read or made
   */
  public static SigningKey readOrMake(Path file) throws KeyException {
    if (Files.exists(file)) {
      return read(file, null);
    }
    SigningKey made = generate(JwsAlgorithm.ES256);
    try (var prepared =
        AtomicFile.prepare(
            file,
            (made.jwk(true) + "\n").getBytes(StandardCharsets.US_ASCII),
            AtomicFile.Access.OWNER)) {
      prepared.create();
      return made;
    } catch (IOException e) {
      if (Files.exists(file)) {
        return read(file, null); // another process was faster
      }
      throw new KeyException(file + ": no key can be written there: " + e.getMessage(), e);
    }
  }

  public JwsAlgorithm algorithm() {
    return algorithm;
  }

  /** Its {@code kid}. */
  public Optional<String> id() {
    return Optional.ofNullable(id);
  }

  /** What verifies its tokens. */
  public VerificationKey verification() {
    return verification;
  }

  /** As a JSON Web Key, without its private part; empty for a shared secret. */
  public Optional<Map<String, Object>> publicJwk() {
    return material.publicKey() == null
        ? Optional.empty()
        : Optional.of(jwkOf(algorithm, id, material, false).toJSONObject());
  }

  private String jwk(boolean withPrivate) {
    return JsonText.of(jwkOf(algorithm, id, material, withPrivate).toJSONObject());
  }

  private static JWK jwkOf(
      JwsAlgorithm algorithm, @Nullable String id, KeyMaterial key, boolean withPrivate) {
    PublicKey publicKey = Objects.requireNonNull(key.publicKey());
    PrivateKey privateKey = withPrivate ? key.privateKey() : null;
    if (publicKey instanceof RSAPublicKey rsa) {
      return new RSAKey.Builder(rsa)
          .privateKey(privateKey)
          .keyID(id)
          .algorithm(algorithm.nimbus())
          .keyUse(com.nimbusds.jose.jwk.KeyUse.SIGNATURE)
          .build();
    }
    if (publicKey instanceof ECPublicKey ec) {
      return new ECKey.Builder(Objects.requireNonNull(algorithm.curve()), ec)
          .privateKey(privateKey)
          .keyID(id)
          .algorithm(algorithm.nimbus())
          .keyUse(com.nimbusds.jose.jwk.KeyUse.SIGNATURE)
          .build();
    }
    Curve curve = JwsAlgorithm.ED448.isOnCurve(publicKey) ? Curve.Ed448 : Curve.Ed25519;
    var builder = new OctetKeyPair.Builder(curve, Base64URL.encode(PublicHalf.point(publicKey)));
    if (privateKey instanceof java.security.interfaces.EdECPrivateKey edwards) {
      builder.d(Base64URL.encode(edwards.getBytes().orElseThrow()));
    }
    return builder
        .keyID(id)
        .algorithm(algorithm.nimbus())
        .keyUse(com.nimbusds.jose.jwk.KeyUse.SIGNATURE)
        .build();
  }

  private static String thumbprint(JwsAlgorithm algorithm, PublicKey key) throws KeyException {
    try {
      return jwkOf(algorithm, null, KeyMaterial.ofPublic(key), false)
          .computeThumbprint()
          .toString();
    } catch (JOSEException e) {
      throw new KeyException("the key can't be used", e);
    }
  }

  byte[] sign(byte[] signed) throws KeyException {
    try {
      if (algorithm.family() == Family.EDWARDS) {
        Signature signature = Signature.getInstance("EdDSA");
        signature.initSign(Objects.requireNonNull(material.privateKey()));
        signature.update(signed);
        return signature.sign();
      }
      return signer().sign(new JWSHeader(algorithm.nimbus()), signed).decode();
    } catch (JOSEException | GeneralSecurityException e) {
      throw new KeyException("the key can't sign", e);
    }
  }

  private JWSSigner signer() throws JOSEException {
    return switch (algorithm.family()) {
      case SECRET -> new MACSigner(Objects.requireNonNull(material.secret()));
      case EC -> new ECDSASigner((ECPrivateKey) Objects.requireNonNull(material.privateKey()));
      default -> new RSASSASigner(Objects.requireNonNull(material.privateKey()));
    };
  }

  /** Says nothing of the key itself. */
  @Override
  public String toString() {
    return verification.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SigningKey that
        && algorithm == that.algorithm
        && Objects.equals(id, that.id)
        && Objects.equals(material.publicKey(), that.material.publicKey())
        && Arrays.equals(material.secret(), that.material.secret());
  }

  @Override
  public int hashCode() {
    return Objects.hash(algorithm, id);
  }
}
