package io.restpipe.event;

/**
 * An event that must not run twice came a second time, and cannot be answered by the reply to the
 * first: that is held no longer, goes to another caller, or belongs to another event with the same
 * id. The message says which.
 */
public class DuplicateEventException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  public DuplicateEventException(String message) {
    super(message);
  }
}
