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
   */
  record Refused(String reason, String challenge) implements Authentication {}

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
