package io.restpipe.auth.identity;

import java.time.Duration;
import java.time.Instant;

/**
 * A token by which a new machine joins, as it is kept: without its secret.
 *
 * @param id 8 hexadecimal digits: names it in lists and logs
 * @param client the name that whoever joins gets
 * @param created when it was made
 * @param expires until when it can be used
 * @param uses how often it can be used
 * @param used how often it was
 * @param lifetime how long the certificates are valid that it gives
 * @param revoked whether it was revoked
 * @param hash the SHA-256 of its secret, as 64 hexadecimal digits
 */
public record JoinToken(
    String id,
    String client,
    Instant created,
    Instant expires,
    int uses,
    int used,
    Duration lifetime,
    boolean revoked,
    String hash) {

  /** What can be said of it at a time. */
  public enum State {
    /** It can be used. */
    VALID,
    /** It was used as often as it may be. */
    USED,
    /** Its time is over. */
    EXPIRED,
    /** It was revoked. */
    REVOKED
  }

  public State state(Instant now) {
    if (revoked) {
      return State.REVOKED;
    }
    if (used >= uses) {
      return State.USED;
    }
    return now.isBefore(expires) ? State.VALID : State.EXPIRED;
  }

  JoinToken withUsed(int newUsed) {
    return new JoinToken(id, client, created, expires, uses, newUsed, lifetime, revoked, hash);
  }

  JoinToken withRevoked() {
    return new JoinToken(id, client, created, expires, uses, used, lifetime, true, hash);
  }

  /** Without the hash. */
  @Override
  public String toString() {
    return "JoinToken " + id + " for " + client;
  }
}
