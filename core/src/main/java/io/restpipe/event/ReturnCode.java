package io.restpipe.event;

/**
 * The return codes that RestPipe itself gives; a handler's own codes are 0 to 249, or an HTTP
 * status from 300 to 599.
 */
public final class ReturnCode {

  /** The handler answered and gave no code of its own. */
  public static final int OK = 0;

  /** The handler threw, or the parameters did not fit it; the body is the exception as JSON. */
  public static final int EXCEPTION = 251;

  /** No handler method has that verb and noun. */
  public static final int UNHANDLED = 255;

  private ReturnCode() {}
}
