package io.restpipe.auth.password;

/** There is no such user, or there is one already. */
public final class UserException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Which of the two. */
  public enum Reason {
    UNKNOWN,
    EXISTS
  }

  private final Reason reason;

  private UserException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  static UserException unknown(String name) {
    return new UserException(Reason.UNKNOWN, "there is no user " + name);
  }

  static UserException exists(String what) {
    return new UserException(Reason.EXISTS, "there is a user " + what + " already");
  }

  public Reason reason() {
    return reason;
  }
}
