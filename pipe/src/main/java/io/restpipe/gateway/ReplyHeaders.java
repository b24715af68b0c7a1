package io.restpipe.gateway;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.restpipe.event.Reply;

/** The headers of a response that carries a reply. */
final class ReplyHeaders {

  static final AsciiString EVENT_ID = AsciiString.cached("X-Event-Id");
  private static final AsciiString RETURN_CODE = AsciiString.cached("X-Event-Return-Code");

  private ReplyHeaders() {}

  static HttpHeaders of(Reply reply, String id) {
    HttpHeaders headers = HttpExchange.headers();
    String type = reply.mimeType();
    if (type.isEmpty()) {
      type = reply.headers().first("Content-Type").orElse("");
    }
    if (!type.isEmpty()) {
      headers.set(
          HttpHeaderNames.CONTENT_TYPE, printable(type) ? type : "application/octet-stream");
    }
    headers.set(RETURN_CODE, reply.code());
    headers.set(EVENT_ID, id);
    HeaderRules.toCaller(reply.headers(), headers);
    return headers;
  }

  /** A media type comes from the other end without any check on its way. */
  private static boolean printable(String type) {
    return type.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
  }
}
