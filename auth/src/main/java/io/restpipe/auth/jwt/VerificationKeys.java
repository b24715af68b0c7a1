package io.restpipe.auth.jwt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the keys of one issuer come from. Any thread. */
public interface VerificationKeys extends AutoCloseable {

  /**
   * The keys that a token may have been signed with. One without a {@code kid} is of any key of
   * that algorithm; one with it is of that key, or of one that has no name.
   *
   * <p>Where keys are fetched it may block, no longer than the fetch's timeout.
   *
   * @throws JwtException with KEY_UNKNOWN or KEYS_UNAVAILABLE
   */
  List<VerificationKey> find(JwsAlgorithm algorithm, @Nullable String keyId) throws JwtException;

  /** Counts up when keys have come or gone: what was verified with older ones is verified anew. */
  long generation();

  @Override
  default void close() {}
}
