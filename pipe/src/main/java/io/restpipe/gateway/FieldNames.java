package io.restpipe.gateway;

import io.netty.util.AsciiString;

/** Names of response headers, as people write them; Netty's own are in lower case. */
final class FieldNames {

  static final AsciiString ALLOW = AsciiString.cached("Allow");
  static final AsciiString CACHE_CONTROL = AsciiString.cached("Cache-Control");
  static final AsciiString CONNECTION = AsciiString.cached("Connection");
  static final AsciiString CONTENT_LENGTH = AsciiString.cached("Content-Length");
  static final AsciiString CONTENT_TYPE = AsciiString.cached("Content-Type");
  static final AsciiString DATE = AsciiString.cached("Date");
  static final AsciiString EVENT_ID = AsciiString.cached("X-Event-Id");
  static final AsciiString RETURN_CODE = AsciiString.cached("X-Event-Return-Code");
  static final AsciiString TRANSFER_ENCODING = AsciiString.cached("Transfer-Encoding");

  private FieldNames() {}
}
