package io.restpipe.event;

/**
 * What the caller sent does not fit the handler: the number or type of the parameters, the query,
 * or the body. The caller gets it as status 400. A handler may throw it itself.
 */
public class ParameterException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  public ParameterException(String message) {
    super(message);
  }

  public ParameterException(String message, Throwable cause) {
    super(message, cause);
  }
}
