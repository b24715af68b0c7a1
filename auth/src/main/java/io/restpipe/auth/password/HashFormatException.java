package io.restpipe.auth.password;

/** A hash is of no form that is known, or asks for more memory or time than a login may take. */
public final class HashFormatException extends Exception {

  private static final long serialVersionUID = 1L;

  HashFormatException(String message) {
    super(message);
  }
}
