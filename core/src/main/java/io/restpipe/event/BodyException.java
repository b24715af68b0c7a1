package io.restpipe.event;

import java.io.IOException;

/** A body ended before its last byte, or is larger than its reader accepts. */
public class BodyException extends IOException {

  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Reason {
    /** The body is longer than the reader's limit. */
    TOO_LARGE,
    /** The sender, the connection or the deadline ended the body early. */
    BROKEN_OFF,
    /** The reader gave the body up. */
    DISCARDED
  }

  private final Reason reason;

  public BodyException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public BodyException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
