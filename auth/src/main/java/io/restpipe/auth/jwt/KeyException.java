package io.restpipe.auth.jwt;

import org.jspecify.annotations.Nullable;

/** A key can't be read, or must not be used. The message says why, and never shows the key. */
public final class KeyException extends Exception {

  private static final long serialVersionUID = 1L;

  public KeyException(String message) {
    this(message, null);
  }

  public KeyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
