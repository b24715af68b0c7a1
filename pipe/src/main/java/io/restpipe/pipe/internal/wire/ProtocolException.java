package io.restpipe.pipe.internal.wire;

import java.io.IOException;

/** Bytes from the peer that break the protocol; closes the connection. */
public final class ProtocolException extends IOException {

  private static final long serialVersionUID = 1L;

  private final boolean limit;

  public ProtocolException(String message) {
    super(message);
    this.limit = false;
  }

  public ProtocolException(String message, Throwable cause) {
    super(message, cause);
    this.limit = false;
  }

  private ProtocolException(String message, boolean limit) {
    super(message);
    this.limit = limit;
  }

  /** Well-formed bytes, but more than the peer was allowed. */
  public static ProtocolException limit(String message) {
    return new ProtocolException(message, true);
  }

  /** Whether the peer went beyond a bound, rather than sending what makes no sense. */
  public boolean isLimit() {
    return limit;
  }
}
