package io.restpipe.gateway;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;

/**
 * The head of a request, checked.
 *
 * @param contentLength of the body; -1 if it is chunked
 * @param oldVersion whether the caller speaks HTTP/1.0 and knows no chunks
 * @param keepAlive whether the caller wants to go on with the connection
 * @param expectsContinue whether the caller waits for a 100 before it sends the body
 */
record RequestHead(
    String method,
    String target,
    HttpHeaders headers,
    long contentLength,
    boolean oldVersion,
    boolean keepAlive,
    boolean expectsContinue) {

  /**
   * Checks what the decoder made.
   *
   * @throws ProblemException if it is not a request that can be taken; the connection is then of no
   *     more use
   */
  static RequestHead of(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      throw new ProblemException(malformed(request.decoderResult().cause()));
    }
    HttpVersion version = request.protocolVersion();
    if (version.majorVersion() != 1) {
      throw new ProblemException(
          Problem.of(505, "version", "this is an HTTP/1.1 server; asked was " + version.text()));
    }
    boolean oldVersion = version.minorVersion() == 0;
    HttpHeaders headers = request.headers();
    int hosts = headers.getAll(HttpHeaderNames.HOST).size();
    if (hosts > 1 || (hosts == 0 && !oldVersion)) {
      throw bad("a request must have one Host header; this one has " + hosts);
    }
    long length = contentLength(headers, oldVersion);
    return new RequestHead(
        request.method().name(),
        request.uri(),
        headers,
        length,
        oldVersion,
        HttpUtil.isKeepAlive(request),
        !oldVersion && length != 0 && expectsContinue(headers));
  }

  private static long contentLength(HttpHeaders headers, boolean oldVersion) {
    List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
    if (!encodings.isEmpty()) {
      if (oldVersion || !lengths.isEmpty()) {
        throw bad("Transfer-Encoding does not go with Content-Length or HTTP/1.0");
      }
      if (encodings.size() > 1
          || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(encodings.get(0))) {
        throw new ProblemException(
            Problem.of(
                501, "transfer-encoding", "of the transfer encodings only chunked is known"));
      }
      return -1;
    }
    if (lengths.isEmpty()) {
      return 0;
    }
    String length = lengths.get(0);
    if (lengths.size() > 1 || !length.matches("[0-9]{1,18}")) {
      throw bad("Content-Length must be one decimal number");
    }
    return Long.parseLong(length);
  }

  private static boolean expectsContinue(HttpHeaders headers) {
    String expect = headers.get(HttpHeaderNames.EXPECT);
    if (expect == null) {
      return false;
    }
    if (HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expect)) {
      return true;
    }
    throw new ProblemException(
        Problem.of(417, "expectation", "only 100-continue can be expected of this server"));
  }

  /** What is wrong with bytes that the decoder could not take. */
  static Problem malformed(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return Problem.of(
          414,
          "target-too-long",
          "the request line is longer than " + StrictRequestDecoder.MAX_LINE + " bytes");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return Problem.of(
          431,
          "headers-too-large",
          "the headers are larger than " + StrictRequestDecoder.MAX_HEADERS + " bytes");
    }
    return Problem.badRequest("not a well-formed HTTP/1.1 request: " + cause.getMessage());
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(Problem.badRequest(detail));
  }

  boolean isHead() {
    return method.equals("HEAD");
  }
}
