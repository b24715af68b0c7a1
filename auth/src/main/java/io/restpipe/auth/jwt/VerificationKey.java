package io.restpipe.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.utils.ECChecks;
import io.restpipe.auth.jwt.JwsAlgorithm.Family;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A key that tokens are verified with, for one algorithm and no other. Immutable. */
public final class VerificationKey {

  private final JwsAlgorithm algorithm;
  private final @Nullable String id;
  private final @Nullable PublicKey publicKey;
  private final SignatureCheck check;

  private VerificationKey(
      JwsAlgorithm algorithm,
      @Nullable String id,
      @Nullable PublicKey publicKey,
      SignatureCheck check) {
    this.algorithm = algorithm;
    this.id = id;
    this.publicKey = publicKey;
    this.check = check;
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
      return new VerificationKey(algorithm, id, null, NimbusCheck.secret(algorithm, secret));
    } catch (JOSEException e) {
      // Not the message: what is in it may be of the key.
      throw new KeyException("the key can't be used for " + algorithm.token(), e);
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
    return new VerificationKey(algorithm, id, key, check(algorithm, key));
  }

  private static SignatureCheck check(JwsAlgorithm algorithm, PublicKey key) throws KeyException {
    if (key instanceof RSAPublicKey rsa) {
      checkFamily(algorithm, Family.RSA);
      checkRsa(rsa);
      return NimbusCheck.rsa(algorithm, rsa);
    }
    if (key instanceof ECPublicKey ec) {
      checkFamily(algorithm, Family.EC);
      checkCurve(algorithm, ec);
      return new EcdsaCheck(algorithm, ec);
    }
    if (key instanceof EdECPublicKey) {
      checkFamily(algorithm, Family.EDWARDS);
      checkCurve(algorithm, key);
      return EdwardsCheck.of(PublicHalf.point(key));
    }
    throw new KeyException(
        "a key of kind "
            + key.getAlgorithm()
            + " verifies no tokens; use RSA, EC, Ed25519 or Ed448");
  }

  private static void checkCurve(JwsAlgorithm algorithm, PublicKey key) throws KeyException {
    if (!algorithm.isOnCurve(key)) {
      throw new KeyException("the key is not on the curve of " + algorithm.token());
    }
    if (key instanceof ECPublicKey ec && !ECChecks.isPointOnCurve(ec, ec.getParams())) {
      throw new KeyException("the key is no point of the curve of " + algorithm.token());
    }
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
    if (Roca.isWeak(key.getModulus())) {
      throw new KeyException(
          "the RSA key is of those whose private half can be computed (ROCA, CVE-2017-15361)");
    }
  }

  private static void checkFamily(JwsAlgorithm algorithm, Family family) throws KeyException {
    if (algorithm.family() != family) {
      throw new KeyException(
          "the key is %s and can't be used for %s"
              .formatted(
                  family == Family.SECRET ? "a shared secret" : "of kind " + family.title,
                  algorithm.token()));
    }
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
    return head.algorithm() == algorithm && check.verifies(signed, signature);
  }

  /** Whether tokens that the one verifies are verified by the other, and by the same key. */
  boolean isSameAs(VerificationKey other) {
    return isNamedAs(other) && publicKey != null && publicKey.equals(other.publicKey);
  }

  /** Whether tokens can't tell the two apart: same algorithm, same {@code kid}. */
  boolean isNamedAs(VerificationKey other) {
    return algorithm == other.algorithm && Objects.equals(id, other.id);
  }

  /** Says nothing of the key itself. */
  @Override
  public String toString() {
    return algorithm.token() + (id == null ? "" : " " + id);
  }
}
