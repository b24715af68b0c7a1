package io.restpipe.pipe.internal.wire;

import java.io.IOException;

/** Bytes from the peer that break the protocol; closes the connection. */
public final class ProtocolException extends IOException {

  private static final long serialVersionUID = 1L;

  public ProtocolException(String message) {
    super(message);
  }

  public ProtocolException(String message, Throwable cause) {
    super(message, cause);
  }
}
