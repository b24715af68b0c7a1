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
    return wrongParameters(reply) ? 400 : 500;
  }

  private static boolean wrongParameters(Reply reply) {
    return reply.code() == ReturnCode.EXCEPTION
        && reply.headers().first("X-Event-Error").filter("parameters"::equals).isPresent();
  }
}
