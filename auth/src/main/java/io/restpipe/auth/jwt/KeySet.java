package io.restpipe.auth.jwt;

import io.restpipe.auth.jwt.JwtException.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Keys that don't change. Shared secrets and public keys are never in one set: what is public must
 * not be taken for a secret. Immutable.
 */
public final class KeySet implements VerificationKeys {

  /** How many keys a set has at most. */
  public static final int MAX_KEYS = 100;

  /** So that a token without a kid costs no more than these many verifications. */
  private static final int MOST_TRIED = 8;

  private final List<VerificationKey> keys;

  private KeySet(List<VerificationKey> keys) {
    this.keys = keys;
  }

  /**
   * A set of these.
   *
   * @throws KeyException if there are none, too many, both kinds, or two that have the same kid and
   *     algorithm but are not the same (RFC 7517 section 4.5)
   */
  public static KeySet of(Collection<VerificationKey> keys) throws KeyException {
    List<VerificationKey> before = new ArrayList<>();
    for (VerificationKey key : keys) {
      for (VerificationKey other : before) {
        if (key.id().isPresent() && key.isNamedAs(other) && !key.isSameAs(other)) {
          throw new KeyException(
              "two keys for " + key.algorithm().token() + " have the same kid; give each its own");
        }
      }
      before.add(key);
    }
    return published(keys);
  }

  /** A set as its issuer publishes it: which keys have which kid is not ours to say. */
  static KeySet published(Collection<VerificationKey> keys) throws KeyException {
    if (keys.isEmpty() || keys.size() > MAX_KEYS) {
      throw new KeyException(
          keys.isEmpty() ? "there is no key" : "there are more than " + MAX_KEYS + " keys");
    }
    if (keys.stream().map(key -> key.algorithm().isSymmetric()).distinct().count() > 1) {
      throw new KeyException(
          "shared secrets and public keys must not be in one set; give each issuer its own");
    }
    return new KeySet(List.copyOf(keys));
  }

  /** A set of one. */
  public static KeySet of(VerificationKey key) {
    return new KeySet(List.of(key));
  }

  public List<VerificationKey> keys() {
    return keys;
  }

  @Override
  public List<VerificationKey> find(JwsAlgorithm algorithm, @Nullable String keyId)
      throws JwtException {
    List<VerificationKey> found = new ArrayList<>(1);
    boolean named = false;
    for (VerificationKey key : keys) {
      if (keyId == null || key.idOrNull() == null || keyId.equals(key.idOrNull())) {
        named = true;
        if (key.algorithm() == algorithm && found.size() < MOST_TRIED) {
          found.add(key);
        }
      }
    }
    if (found.isEmpty()) {
      throw named
          ? new JwtException(
              Reason.ALGORITHM_REFUSED, "its algorithm " + algorithm.token() + " is not the key's")
          : new JwtException(Reason.KEY_UNKNOWN, "its key is not known");
    }
    return found;
  }

  /** Whether both verify the same tokens, as far as one can see: shared secrets are never equal. */
  boolean isSameAs(KeySet other) {
    return keys.size() == other.keys.size()
        && IntStream.range(0, keys.size())
            .allMatch(each -> keys.get(each).isSameAs(other.keys.get(each)));
  }

  @Override
  public long generation() {
    return 0;
  }
}
