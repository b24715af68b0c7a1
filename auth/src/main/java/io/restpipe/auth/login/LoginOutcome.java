package io.restpipe.auth.login;

import io.restpipe.auth.password.User;
import java.time.Duration;

/** What came of an attempt to log in. */
public sealed interface LoginOutcome {

  /**
   * It is that user.
   *
   * @param passwordStamp another one after the password was changed; empty where nobody can tell
   */
  record Accepted(User user, String passwordStamp) implements LoginOutcome {}

  /** The name or the password is wrong, or the user is kept out: nobody is told which. */
  record Refused() implements LoginOutcome {}

  /** Too many attempts of that user, or from that address. */
  record Limited(Duration retryAfter) implements LoginOutcome {}

  /** It can't be told now: a store is down, or too much is going on. */
  record Unavailable(String reason, Duration retryAfter) implements LoginOutcome {}
}
