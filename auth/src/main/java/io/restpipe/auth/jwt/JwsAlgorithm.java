package io.restpipe.auth.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The signature algorithms (RFC 7518 section 3.1, RFC 8037 section 3.1, RFC 9864). {@code none} is
 * not one of them.
 */
@SuppressWarnings("ImmutableEnumChecker") // nimbus's constants are, and don't say so
public enum JwsAlgorithm {
  HS256(JWSAlgorithm.HS256, Family.SECRET, 256, null),
  HS384(JWSAlgorithm.HS384, Family.SECRET, 384, null),
  HS512(JWSAlgorithm.HS512, Family.SECRET, 512, null),
  RS256(JWSAlgorithm.RS256, Family.RSA, 2048, null),
  RS384(JWSAlgorithm.RS384, Family.RSA, 2048, null),
  RS512(JWSAlgorithm.RS512, Family.RSA, 2048, null),
  PS256(JWSAlgorithm.PS256, Family.RSA, 2048, null),
  PS384(JWSAlgorithm.PS384, Family.RSA, 2048, null),
  PS512(JWSAlgorithm.PS512, Family.RSA, 2048, null),
  ES256(JWSAlgorithm.ES256, Family.EC, 256, Curve.P_256),
  ES384(JWSAlgorithm.ES384, Family.EC, 384, Curve.P_384),
  ES512(JWSAlgorithm.ES512, Family.EC, 521, Curve.P_521),
  /** Ed25519 or Ed448, whichever the key is of, under their older name. */
  EDDSA(JWSAlgorithm.EdDSA, Family.EDWARDS, 255, null),
  ED25519(JWSAlgorithm.Ed25519, Family.EDWARDS, 255, Curve.Ed25519),
  ED448(JWSAlgorithm.Ed448, Family.EDWARDS, 448, Curve.Ed448);

  /** Kinds of key. */
  enum Family {
    SECRET("shared secret"),
    RSA("RSA"),
    EC("EC"),
    EDWARDS("Ed25519 or Ed448");

    final String title;

    Family(String title) {
      this.title = title;
    }
  }

  private final JWSAlgorithm nimbus;
  private final Family family;
  private final int leastBits;
  private final @Nullable Curve curve;

  JwsAlgorithm(JWSAlgorithm nimbus, Family family, int leastBits, @Nullable Curve curve) {
    this.nimbus = nimbus;
    this.family = family;
    this.leastBits = leastBits;
    this.curve = curve;
  }

  /** What {@code alg} says in a token: case matters. */
  public String token() {
    return nimbus.getName();
  }

  /** Whether both sides have the same key. */
  public boolean isSymmetric() {
    return family == Family.SECRET;
  }

  /** The algorithm that {@code alg} names, in exactly these letters. */
  public static Optional<JwsAlgorithm> find(String token) {
    return Arrays.stream(values()).filter(algorithm -> algorithm.token().equals(token)).findFirst();
  }

  /**
   * As {@link #find}, for configurations: in upper or lower case, and an error says what there is.
   */
  public static JwsAlgorithm parse(String text) {
    return Arrays.stream(values())
        .filter(algorithm -> algorithm.token().equalsIgnoreCase(text.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "must be one of "
                        + Arrays.stream(values())
                            .map(JwsAlgorithm::token)
                            .collect(Collectors.joining(", "))));
  }

  static List<JwsAlgorithm> of(Family family) {
    return Arrays.stream(values()).filter(algorithm -> algorithm.family == family).toList();
  }

  /** The one for that curve; empty where there is none. */
  static Optional<JwsAlgorithm> of(Curve curve) {
    return Arrays.stream(values()).filter(algorithm -> curve.equals(algorithm.curve)).findFirst();
  }

  JWSAlgorithm nimbus() {
    return nimbus;
  }

  Family family() {
    return family;
  }

  /** The shortest key: for a secret as long as the hash (RFC 7518 section 3.2), RSA 2048 bits. */
  int leastBits() {
    return leastBits;
  }

  @Nullable Curve curve() {
    return curve;
  }

  /** Whether a key of its kind is on its curve, where it has one. */
  boolean isOnCurve(PublicKey key) {
    if (key instanceof ECPublicKey ec) {
      return curve != null && curve.equals(Curve.forECParameterSpec(ec.getParams()));
    }
    return curve == null
        || !(key instanceof EdECPublicKey edwards)
        || curve.getName().equals(edwards.getParams().getName());
  }
}
