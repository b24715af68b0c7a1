package io.restpipe.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.util.Base64URL;
import io.restpipe.auth.jwt.JwsAlgorithm.Family;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A key that tokens are verified with, for one algorithm and no other. Immutable. */
public final class VerificationKey {

  private final JwsAlgorithm algorithm;
  private final @Nullable String id;
  private final JWSVerifier verifier;

  private VerificationKey(JwsAlgorithm algorithm, @Nullable String id, JWSVerifier verifier) {
    this.algorithm = algorithm;
    this.id = id;
    this.verifier = verifier;
  }

  /**
   * A secret that issuer and verifier share.
   *
   * @param id its {@code kid}; null where tokens need not name it
   * @throws KeyException if it is shorter than the algorithm's hash
   */
  public static VerificationKey secret(JwsAlgorithm algorithm, @Nullable String id, byte[] secret)
      throws KeyException {
    checkFamily(algorithm, Family.SECRET);
    checkSecret(algorithm, secret.length);
    try {
      return new VerificationKey(algorithm, id, new MACVerifier(secret));
    } catch (JOSEException e) {
      throw unusable(algorithm, e);
    }
  }

  static void checkSecret(JwsAlgorithm algorithm, int bytes) throws KeyException {
    if (bytes * 8 < algorithm.leastBits()) {
      throw new KeyException(
          ("the secret is too short for %s: %d bytes, it needs at least %d. Make one with openssl"
                  + " rand -base64 %d")
              .formatted(
                  algorithm.token(), bytes, algorithm.leastBits() / 8, algorithm.leastBits() / 8));
    }
  }

  /**
   * A public key.
   *
   * @param id its {@code kid}; null where tokens need not name it
   * @throws KeyException if it is not of the algorithm's kind, or too weak
   */
  public static VerificationKey of(JwsAlgorithm algorithm, @Nullable String id, PublicKey key)
      throws KeyException {
    try {
      if (key instanceof RSAPublicKey rsa) {
        checkFamily(algorithm, Family.RSA);
        checkRsa(rsa);
        return new VerificationKey(algorithm, id, new RSASSAVerifier(rsa));
      }
      if (key instanceof ECPublicKey ec) {
        checkFamily(algorithm, Family.EC);
        if (!Optional.ofNullable(Curve.forECParameterSpec(ec.getParams()))
            .equals(Optional.ofNullable(algorithm.curve()))) {
          throw new KeyException("the key is not on the curve of " + algorithm.token());
        }
        return new VerificationKey(algorithm, id, new ECDSAVerifier(ec));
      }
      if (key instanceof EdECPublicKey edwards
          && edwards.getParams().getName().equalsIgnoreCase("Ed25519")) {
        checkFamily(algorithm, Family.EDWARDS);
        return new VerificationKey(algorithm, id, new Ed25519Check(key));
      }
    } catch (JOSEException e) {
      throw unusable(algorithm, e);
    }
    throw new KeyException(
        "a key of kind " + key.getAlgorithm() + " verifies no tokens; use RSA, EC or Ed25519");
  }

  private static void checkRsa(RSAPublicKey key) throws KeyException {
    int bits = key.getModulus().bitLength();
    if (bits < JwsAlgorithm.RS256.leastBits()) {
      throw new KeyException("the RSA key has " + bits + " bits; it needs at least 2048");
    }
    BigInteger exponent = key.getPublicExponent();
    if (!exponent.testBit(0) || exponent.compareTo(BigInteger.valueOf(3)) < 0) {
      throw new KeyException("the RSA key's public exponent is not an odd number above 2");
    }
  }

  private static void checkFamily(JwsAlgorithm algorithm, Family family) throws KeyException {
    if (algorithm.family() != family) {
      throw new KeyException(
          "the key is %s and can't be used for %s"
              .formatted(
                  family == Family.SECRET ? "a shared secret" : "of kind " + family.title,
                  algorithm.token().toUpperCase(Locale.ROOT)));
    }
  }

  private static KeyException unusable(JwsAlgorithm algorithm, JOSEException cause) {
    // Not the message: what is in it may be of the key.
    return new KeyException("the key can't be used for " + algorithm.token(), cause);
  }

  public JwsAlgorithm algorithm() {
    return algorithm;
  }

  /** Its {@code kid}. */
  public Optional<String> id() {
    return Optional.ofNullable(id);
  }

  @Nullable String idOrNull() {
    return id;
  }

  boolean verifies(JwsHead head, byte[] signed, byte[] signature) {
    if (head.algorithm() != algorithm || signature.length == 0) {
      return false;
    }
    try {
      return verifier.verify(head.nimbus(), signed, Base64URL.encode(signature));
    } catch (JOSEException invalid) {
      return false;
    }
  }

  /** Says nothing of the key itself. */
  @Override
  public String toString() {
    return algorithm.token() + (id == null ? "" : " " + id);
  }
}
