package io.restpipe.auth.password;

import org.jspecify.annotations.Nullable;

/**
 * A store of users can't be asked now: it is down, slow, or answers nonsense. It says nothing of
 * any user: nobody is refused for it, and nobody is let in.
 */
public final class StoreException extends Exception {

  private static final long serialVersionUID = 1L;

  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
