package io.restpipe.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.restpipe.security.SecurityEventKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and the response to it. On the connection's loop. It is responded to once: whole, or
 * begun, written and ended.
 */
final class HttpExchange {

  private static final Logger LOG = LoggerFactory.getLogger(HttpExchange.class);

  private static final HttpHeadersFactory HEADERS =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false);

  static final String NOTHING = "-";

  private final HttpConnection connection;
  private final GatewayContext gateway;
  private final long startedAt = System.nanoTime();

  private String method = NOTHING;
  private String target = NOTHING;
  private String agent = "";
  private boolean oldVersion;
  private String id = "";
  private @Nullable Runnable onCallerGone;
  private @Nullable HttpHeaders extra;
  private @Nullable InetAddress from;
  private @Nullable Caller caller;

  private boolean endsWithConnection;
  private boolean begun;
  private boolean done;
  private int status;
  private long sent;

  HttpExchange(HttpConnection connection, GatewayContext gateway) {
    this.connection = connection;
    this.gateway = gateway;
    gateway.meters.requestStarted();
  }

  void request(RequestHead head) {
    method = head.method();
    target = head.target();
    agent = head.headers().get(HttpHeaderNames.USER_AGENT, "");
    oldVersion = head.oldVersion();
  }

  void id(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }

  HttpConnection connection() {
    return connection;
  }

  GatewayContext gateway() {
    return gateway;
  }

  boolean isHead() {
    return method.equals("HEAD");
  }

  /** Adds headers to the response, whatever it will be. */
  void extra(HttpHeaders headers) {
    extra = headers;
  }

  /** Notes who made the request, for the access log. */
  void caller(Caller known) {
    caller = known;
  }

  /** Notes where the request is from, seen past trusted proxies. */
  void from(@Nullable InetAddress address) {
    from = address;
  }

  private String remote() {
    if (caller != null) {
      return caller.text();
    }
    return from == null ? connection.remote().text() : from.getHostAddress();
  }

  /** Where the request is from: of whom is behind a proxy no port is known. */
  private @Nullable InetSocketAddress source() {
    InetSocketAddress direct =
        connection.channel().remoteAddress() instanceof InetSocketAddress inet ? inet : null;
    boolean same = from == null || (direct != null && from.equals(direct.getAddress()));
    return same ? direct : new InetSocketAddress(from, 0);
  }

  /**
   * Tells the security log why credentials were refused, which the caller does not learn.
   *
   * @param reason empty where the log knows
   */
  void credentialsRefused(SecurityEventKind kind, String reason) {
    if (reason.isEmpty()) {
      return;
    }
    gateway.security.credentialsRefused(kind, source(), method, target, agent, reason);
  }

  /** Called once if the caller goes away before the response is complete. */
  void onCallerGone(Runnable callback) {
    onCallerGone = callback;
  }

  /** Whether the head of the response is out. */
  boolean begun() {
    return begun;
  }

  /** Whether the response is complete, or never will be. */
  boolean done() {
    return done;
  }

  /** Empty headers for a response; what goes in is known to be free of line breaks. */
  static HttpHeaders headers() {
    return HEADERS.newHeaders();
  }

  /** Responds with all there is. Takes over the content. */
  void respond(int status, HttpHeaders headers, ByteBuf content) {
    int length = content.readableBytes();
    begin(status, headers);
    if (hasNoBody(status)) {
      content.release();
      content = Unpooled.EMPTY_BUFFER;
    } else {
      headers.set(FieldNames.CONTENT_LENGTH, length);
      if (isHead()) {
        content.release();
        content = Unpooled.EMPTY_BUFFER;
      }
    }
    sent = content.readableBytes();
    connection.write(
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(status),
            content,
            headers,
            EmptyHttpHeaders.INSTANCE));
    connection.flush();
    finished();
  }

  /**
   * Responds with a head that has no body after it, whatever the length that it announces.
   *
   * @param length of the body that there would be; -1 if it is not known
   */
  void respondHeadOnly(int status, HttpHeaders headers, long length) {
    begin(status, headers);
    if (length >= 0 && !hasNoBody(status)) {
      headers.set(FieldNames.CONTENT_LENGTH, length);
    }
    connection.write(
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(status),
            Unpooled.EMPTY_BUFFER,
            headers,
            EmptyHttpHeaders.INSTANCE));
    connection.flush();
    finished();
  }

  /**
   * Begins a response whose body follows.
   *
   * @param length of the body; -1 if it is not known
   */
  void respondStreaming(int status, HttpHeaders headers, long length) {
    endsWithConnection = length < 0 && oldVersion;
    if (endsWithConnection) {
      connection.lastRequest();
    }
    begin(status, headers);
    if (length >= 0) {
      headers.set(FieldNames.CONTENT_LENGTH, length);
    } else if (!oldVersion) {
      headers.set(FieldNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    connection.write(
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), headers));
    connection.flushSoon();
  }

  private static boolean hasNoBody(int status) {
    return status == 204 || status == 304;
  }

  private void begin(int status, HttpHeaders headers) {
    begun = true;
    this.status = status;
    headers.set(FieldNames.DATE, HttpDate.now());
    if (extra != null) {
      headers.add(extra);
    }
    if (gateway.listener.guarded()) {
      SecurityHeaders.add(headers, gateway.listener.https());
    }
    if (!connection.staysOpen()) {
      headers.set(FieldNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (oldVersion) {
      headers.set(FieldNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
  }

  /** Writes a piece of a body. Takes over the bytes. */
  ChannelFuture write(ByteBuf bytes) {
    sent += bytes.readableBytes();
    ChannelFuture written = connection.write(new DefaultHttpContent(bytes));
    connection.flushSoon();
    return written;
  }

  /** The body is complete. */
  void end() {
    connection.write(LastHttpContent.EMPTY_LAST_CONTENT);
    connection.flush();
    finished();
  }

  /** Ends the connection so that the caller sees that the body is not complete. */
  void breakOff() {
    if (endsWithConnection) {
      connection.reset();
    } else {
      connection.closeAfterWrites();
    }
    finished();
  }

  /** Responds with an error of the gateway's own. */
  void problem(Problem problem) {
    if (done) {
      return;
    }
    if (begun) {
      breakOff();
      return;
    }
    gateway.security.refused(source(), method, target, agent, problem);
    HttpHeaders headers = headers();
    headers.set(FieldNames.CONTENT_TYPE, Problem.MIME_TYPE);
    if (!id.isEmpty()) {
      headers.set(FieldNames.EVENT_ID, id);
    }
    for (int i = 0; i < problem.fields().size(); i += 2) {
      headers.add(problem.fields().get(i), problem.fields().get(i + 1));
    }
    respond(problem.status(), headers, Unpooled.wrappedBuffer(problem.json(id)));
  }

  /** Responds with an error and drops the call, if one is under way. */
  void abandon(Problem problem) {
    Runnable callback = onCallerGone;
    onCallerGone = null;
    if (callback != null) {
      callback.run();
    }
    problem(problem);
  }

  /** Something that nobody foresaw: the log has it, the caller gets the id to ask for. */
  void unexpected(Throwable failure) {
    if (id.isEmpty()) {
      id = EventIds.next();
    }
    LOG.error("request {} ({} {}) failed", id, method, AccessLog.path(target), failure);
    problem(Problem.unexpected(id));
  }

  /** The connection has ended. */
  void callerGone() {
    if (done) {
      return;
    }
    status = AccessLog.CALLER_GONE;
    finished();
    Runnable callback = onCallerGone;
    if (callback != null) {
      callback.run();
    }
  }

  private void finished() {
    done = true;
    long nanos = System.nanoTime() - startedAt;
    gateway.meters.requestEnded(status, nanos);
    gateway.accessLog.request(remote(), method, target, status, sent, nanos, id);
    connection.advance();
  }
}
