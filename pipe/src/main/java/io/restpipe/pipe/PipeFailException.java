package io.restpipe.pipe;

import io.restpipe.event.Reply;
import io.restpipe.event.ReturnCode;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;

/**
 * The handler at the other end failed, or there is none: what it threw, as far as the other end
 * tells.
 */
public class PipeFailException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int returnCode;
  private final String exceptionClass;
  private final String traceback;

  public PipeFailException(
      int returnCode, String message, String exceptionClass, String traceback) {
    super(message);
    this.returnCode = returnCode;
    this.exceptionClass = exceptionClass;
    this.traceback = traceback;
  }

  /** One of {@link ReturnCode}: {@code EXCEPTION} or {@code UNHANDLED}. */
  public int returnCode() {
    return returnCode;
  }

  /** The class of what was thrown at the other end; empty if nothing was. */
  public String exceptionClass() {
    return exceptionClass;
  }

  /** The stack trace at the other end; empty where it is not shown. */
  public String traceback() {
    return traceback;
  }

  /**
   * Throws if a gateway's answer says that the handler failed or that there is none; returns
   * otherwise. The body may be a {@code String}, {@code byte[]} or {@code InputStream}.
   *
   * @throws PipeFailException with what the answer tells
   */
  public static void raiseFor(HttpResponse<?> response) {
    Failures.raiseFor(response);
  }

  /** Turns a reply that says failure into a failure of the future. */
  static CompletableFuture<Reply> raiseForFailure(CompletableFuture<Reply> exchange) {
    return Failures.raiseForFailure(exchange);
  }
}
