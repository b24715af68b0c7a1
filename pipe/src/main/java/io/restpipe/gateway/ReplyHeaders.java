package io.restpipe.gateway;

import io.netty.handler.codec.http.HttpHeaders;
import io.restpipe.event.Reply;

/** The headers of a response that carries a reply. */
final class ReplyHeaders {

  private ReplyHeaders() {}

  static HttpHeaders of(Reply reply, String id) {
    HttpHeaders headers = HttpExchange.headers();
    String type = reply.mimeType();
    if (type.isEmpty()) {
      type = reply.headers().first("Content-Type").orElse("");
    }
    if (!type.isEmpty()) {
      headers.set(FieldNames.CONTENT_TYPE, printable(type) ? type : "application/octet-stream");
    }
    headers.set(FieldNames.RETURN_CODE, reply.code());
    headers.set(FieldNames.EVENT_ID, id);
    HeaderRules.toCaller(reply.headers(), headers);
    return headers;
  }

  /** A media type comes from the other end without any check on its way. */
  private static boolean printable(String type) {
    return type.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
  }
}
