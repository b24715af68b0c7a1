package io.restpipe.config;

/** A value cannot be put together, because of the variables that it names. */
final class UnsetVariableException extends Exception {

  private static final long serialVersionUID = 1L;

  UnsetVariableException(String message) {
    super(message);
  }
}
