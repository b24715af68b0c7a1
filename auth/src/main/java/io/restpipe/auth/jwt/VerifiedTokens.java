package io.restpipe.auth.jwt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that were verified not long ago, by their SHA-256, so that memory holds no token. Bounded:
 * two halves, of which the older is dropped when the younger is full. Any thread.
 */
final class VerifiedTokens {

  /** The hash of a token. */
  record Hash(long a, long b, long c, long d) {

    static Hash of(String token) {
      try {
        ByteBuffer hash =
            ByteBuffer.wrap(
                MessageDigest.getInstance("SHA-256")
                    .digest(token.getBytes(StandardCharsets.ISO_8859_1)));
        return new Hash(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public int hashCode() {
      return Long.hashCode(a);
    }
  }

  /** What was found, by which state of the keys. */
  record Entry(VerifiedJwt token, TrustedIssuer issuer, long generation) {}

  private final int half;
  private volatile Map<Hash, Entry> young = new ConcurrentHashMap<>();
  private volatile Map<Hash, Entry> old = Map.of();

  VerifiedTokens(int most) {
    this.half = Math.max(1, most / 2);
  }

  @Nullable Entry find(Hash hash) {
    Entry found = young.get(hash);
    if (found != null) {
      return found;
    }
    found = old.get(hash);
    if (found != null) {
      put(hash, found);
    }
    return found;
  }

  void put(Hash hash, Entry entry) {
    if (young.size() >= half) {
      turn();
    }
    young.put(hash, entry);
  }

  private synchronized void turn() {
    if (young.size() >= half) {
      old = young;
      young = new ConcurrentHashMap<>();
    }
  }

  void remove(Hash hash) {
    young.remove(hash);
    if (old instanceof ConcurrentHashMap<Hash, Entry> map) {
      map.remove(hash);
    }
  }
}
