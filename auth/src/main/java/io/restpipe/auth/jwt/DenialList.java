package io.restpipe.auth.jwt;

import java.time.Instant;

/** Tokens that were withdrawn before they expire, by a logout mostly. Any thread. */
public interface DenialList {

  /** Denies nothing. */
  DenialList NONE = id -> false;

  /**
   * Whether the token with that {@code jti}, or the session with that {@code sid} and all its
   * tokens, was withdrawn. Quick, and never throws.
   */
  boolean isDenied(String id);

  /**
   * Withdraws a token until it would expire anyway, or the tokens of a session.
   *
   * @param id the {@code jti} or {@code sid}
   * @throws java.io.IOException if that can't be kept: the token is still good then
   */
  default void deny(String id, Instant expiresAt) throws java.io.IOException {
    throw new UnsupportedOperationException("this list is only read");
  }
}
