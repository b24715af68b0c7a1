package io.restpipe.security;

import io.restpipe.event.Principal;
import java.time.Duration;

/** What an {@link Authenticator} has found. */
public sealed interface Authentication {

  /** There are no credentials of the sort that it knows; another authenticator may know them. */
  record Absent() implements Authentication {}

  /** The caller is known. */
  record Accepted(Principal principal) implements Authentication {}

  /**
   * The credentials are wrong: the caller gets 401, whatever other authenticators would say.
   *
   * @param reason why, for the security log; a caller does not see it. Empty where the
   *     authenticator has told the log itself
   * @param challenge a value for WWW-Authenticate in the place of {@link Authenticator#challenges},
   *     for example {@code Bearer error="invalid_token"}; empty for those
   * @param kind what the security log calls it: {@link SecurityEventKind#SIGNATURE_REFUSED} where a
   *     signature is not what was signed, else {@link SecurityEventKind#LOGIN_FAILED}
   */
  record Refused(String reason, String challenge, SecurityEventKind kind)
      implements Authentication {

    /** What the security log calls a failed login. */
    public Refused(String reason, String challenge) {
      this(reason, challenge, SecurityEventKind.LOGIN_FAILED);
    }
  }

  /**
   * There were too many attempts: the caller gets 429.
   *
   * @param reason why, for the security log; empty where the authenticator has told it itself
   * @param retryAfter when to try again
   */
  record Limited(String reason, Duration retryAfter) implements Authentication {}

  /**
   * It cannot be told now, since something that is needed for it is down: the caller gets 503.
   *
   * @param reason what is down, for the security log; empty where the authenticator has told it
   *     itself
   * @param retryAfter when to try again
   */
  record Unavailable(String reason, Duration retryAfter) implements Authentication {}

  /** The one {@link Absent}. */
  Authentication ABSENT = new Absent();

  /** As {@link Refused} with the authenticator's own challenges. */
  static Authentication refused(String reason) {
    return new Refused(reason, "");
  }
}
