package io.restpipe.node;

/** A node could not start; the message is a sentence that names the cause and the remedy. */
public class NodeStartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public NodeStartException(String message, Throwable cause) {
    super(message, cause);
  }

  public NodeStartException(String message) {
    super(message);
  }
}
