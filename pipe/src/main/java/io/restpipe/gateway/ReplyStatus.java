package io.restpipe.gateway;

import io.restpipe.event.Reply;
import io.restpipe.event.ReturnCode;

/** The HTTP status of a reply. */
final class ReplyStatus {

  /** The code from which on codes are RestPipe's own, up to {@link ReturnCode#UNHANDLED}. */
  private static final int FIRST_RESERVED = 250;

  private ReplyStatus() {}

  static int of(Reply reply, boolean legacy) {
    int code = reply.code();
    if (code >= 300 && code <= 599) {
      return code;
    }
    if (legacy || code < FIRST_RESERVED || code > ReturnCode.UNHANDLED) {
      return 200;
    }
    if (code == ReturnCode.UNHANDLED) {
      return 404;
    }
    return code == ReturnCode.EXCEPTION ? ofError(reply) : 500;
  }

  /** What the dispatcher of the other node says beside the exception. */
  private static int ofError(Reply reply) {
    return switch (reply.headers().first("X-Event-Error").orElse("")) {
      case "parameters" -> 400;
      case "duplicate-id" -> 422;
      case "reply-gone", "superseded" -> 409;
      default -> 500;
    };
  }
}
