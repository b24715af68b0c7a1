package io.restpipe.auth.jwt;

import io.restpipe.auth.jwt.JwsAlgorithm.Family;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key as it was read, before it is known what for.
 *
 * @param pinned the algorithm that its file names; null where it names none
 * @param secret of a shared secret; else there is a public key, and perhaps its private half
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record KeyMaterial(
    @Nullable JwsAlgorithm pinned,
    @Nullable String id,
    byte @Nullable [] secret,
    @Nullable PublicKey publicKey,
    @Nullable PrivateKey privateKey) {

  static KeyMaterial ofSecret(byte[] secret) {
    return new KeyMaterial(null, null, secret, null, null);
  }

  static KeyMaterial ofPublic(PublicKey key) {
    return new KeyMaterial(null, null, null, key, null);
  }

  static KeyMaterial ofPrivate(PrivateKey key) throws KeyException {
    return new KeyMaterial(null, null, null, PublicHalf.of(key), key);
  }

  private Family family() throws KeyException {
    if (secret != null) {
      return Family.SECRET;
    }
    if (publicKey instanceof RSAPublicKey) {
      return Family.RSA;
    }
    return publicKey instanceof ECPublicKey ? Family.EC : Family.EDWARDS;
  }

  /**
   * The algorithms it may be used with: the one that it names, which must be an allowed one; else
   * those allowed that fit it; else, where nothing is said, the usual one of its kind.
   */
  List<JwsAlgorithm> algorithms(Collection<JwsAlgorithm> allowed) throws KeyException {
    if (pinned != null) {
      if (!allowed.isEmpty() && !allowed.contains(pinned)) {
        throw new KeyException("the key is for " + pinned.token() + ", which is not allowed here");
      }
      return List.of(pinned);
    }
    List<JwsAlgorithm> fitting = new ArrayList<>();
    Family family = family();
    for (JwsAlgorithm algorithm : allowed.isEmpty() ? usual(family) : allowed) {
      if (algorithm.family() == family && (publicKey == null || algorithm.isOnCurve(publicKey))) {
        fitting.add(algorithm);
      }
    }
    if (fitting.isEmpty()) {
      throw new KeyException(
          "none of the allowed algorithms fits the key, which is of kind " + family.title);
    }
    return secret == null ? fitting : longEnough(fitting, secret.length);
  }

  /** Of several, those that the secret is long enough for; where it is for none, any says so. */
  private static List<JwsAlgorithm> longEnough(List<JwsAlgorithm> algorithms, int bytes) {
    List<JwsAlgorithm> usable =
        algorithms.stream().filter(algorithm -> algorithm.leastBits() <= bytes * 8).toList();
    return usable.isEmpty() ? algorithms : usable;
  }

  private static List<JwsAlgorithm> usual(Family family) {
    return switch (family) {
      case SECRET -> List.of(JwsAlgorithm.HS256);
      case RSA -> List.of(JwsAlgorithm.RS256);
      case EC, EDWARDS -> JwsAlgorithm.of(family);
    };
  }

  List<VerificationKey> verification(Collection<JwsAlgorithm> allowed) throws KeyException {
    List<VerificationKey> keys = new ArrayList<>();
    for (JwsAlgorithm algorithm : algorithms(allowed)) {
      keys.add(verification(algorithm));
    }
    return keys;
  }

  VerificationKey verification(JwsAlgorithm algorithm) throws KeyException {
    if (secret != null) {
      return VerificationKey.secret(algorithm, id, secret);
    }
    if (publicKey == null) {
      throw new KeyException("there is no public key");
    }
    return VerificationKey.of(algorithm, id, publicKey);
  }

  /** Whether tokens can be signed with it. */
  boolean signs() {
    return secret != null || privateKey != null;
  }

  @Override
  public String toString() {
    return "key" + (id == null ? "" : " " + id);
  }
}
