package io.restpipe.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * The request that a connection is at: gets its body from the socket to whoever reads it. On the
 * connection's loop.
 */
final class CurrentRequest {

  /** The most bytes that are read for nobody, to save the connection for another request. */
  private static final long DRAIN_LIMIT = 1024 * 1024;

  private final HttpConnection connection;
  private final HttpExchange exchange;
  private final Arrived arrived;

  private @Nullable RequestHead head;

  /** While a small body is collected. */
  private @Nullable SmallBody small;

  /** While a body streams. */
  private @Nullable RequestBody stream;

  private boolean bodyEnded;

  /** The caller waits to be told to send the body. */
  private boolean continueDue;

  private final long most;
  private long received;
  private long dropped;

  CurrentRequest(HttpConnection connection, GatewayContext gateway, Arrived arrived) {
    this.connection = connection;
    this.arrived = arrived;
    this.exchange = new HttpExchange(connection, gateway);
    this.most = gateway.listener.maxBody;
  }

  private Problem tooLarge() {
    return Problem.of(413, "too-large", "a body may have " + most + " bytes here");
  }

  void begin(HttpRequest request) {
    RequestHead checked;
    try {
      checked = RequestHead.of(request);
    } catch (ProblemException problem) {
      refuse(problem.problem());
      return;
    } finally {
      ReferenceCountUtil.release(request);
    }
    head = checked;
    exchange.request(checked);
    if (!checked.keepAlive()) {
      connection.lastRequest();
    }
    long length = checked.contentLength();
    if (length > most) {
      refuse(tooLarge());
      return;
    }
    continueDue = checked.expectsContinue() && arrived.isEmpty();
    boolean collect =
        length < 0 ? arrived.hasWholeRequest() : length <= SmallBody.LIMIT && !continueDue;
    if (collect) {
      small = new SmallBody(length);
    } else {
      var body = new RequestBody(connection.loop(), length, connection::advance);
      stream = body;
      RequestDispatch.dispatch(exchange, checked, body);
    }
  }

  /** Answers what cannot be understood, and no more after it. */
  private void refuse(Problem problem) {
    connection.lastRequest();
    bodyEnded = true;
    small = null;
    if (stream != null) {
      stream.breakOff(problem.detail());
    }
    exchange.abandon(problem);
  }

  void headTooSlow() {
    refuse(Problem.of(408, "head-too-slow", "the head of the request did not come in time"));
  }

  /** Answers that the body stopped coming; false if the answer has begun already. */
  boolean bodyTooSlow() {
    if (bodyEnded || exchange.begun()) {
      return false;
    }
    refuse(Problem.of(408, "body-too-slow", "the body of the request stopped coming"));
    return true;
  }

  void advance() {
    if (small != null) {
      collect(small);
    } else if (!bodyEnded && stream != null) {
      feed(stream);
    }
    if (bodyEnded && !exchange.done() && arrived.isEmpty()) {
      // Nothing is wanted but the news that the caller went away.
      connection.read();
    }
  }

  private void collect(SmallBody body) {
    for (Object next = arrived.poll(); next != null; next = arrived.poll()) {
      var content = (HttpContent) next;
      try {
        if (content.decoderResult().isFailure()) {
          refuse(RequestHead.malformed(content.decoderResult().cause()));
          return;
        }
        received += content.content().readableBytes();
        if (received > most) {
          refuse(tooLarge());
          return;
        }
        body.add(content.content());
      } finally {
        content.release();
      }
      if (content instanceof LastHttpContent && head != null) {
        bodyEnded = true;
        small = null;
        RequestDispatch.dispatch(exchange, head, body.body());
        return;
      }
    }
    connection.read();
  }

  private void feed(RequestBody body) {
    if (exchange.done() && !body.givenUp()) {
      // Who has not asked for the body until now does not want it.
      body.discard();
    }
    while (!bodyEnded) {
      HttpContent next = arrived.peekContent();
      if (next == null) {
        readMore(body);
        return;
      }
      if (!body.wanted() && !body.givenUp() && next.content().isReadable()) {
        return;
      }
      arrived.poll();
      take(body, next);
    }
  }

  private void readMore(RequestBody body) {
    if (body.wanted()) {
      if (continueDue) {
        continueDue = false;
        connection.write(
            new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        connection.flush();
      }
      connection.read();
    } else if (body.givenUp() && !continueDue && dropped < DRAIN_LIMIT) {
      connection.read();
    } else if (body.givenUp() && exchange.done()) {
      connection.lastRequest();
      bodyEnded = true;
    }
  }

  private void take(RequestBody body, HttpContent content) {
    ByteBuf bytes = content.content();
    received += bytes.readableBytes();
    boolean end = content instanceof LastHttpContent;
    if (content.decoderResult().isFailure()) {
      content.release();
      bodyMalformed(body, content.decoderResult().cause());
      return;
    }
    if (received > most && !exchange.begun() && !exchange.done()) {
      content.release();
      connection.lastRequest();
      bodyEnded = true;
      // Answered first: whoever reads the body would only say that it broke off.
      exchange.abandon(tooLarge());
      body.breakOff("the body is larger than is allowed");
      return;
    }
    bodyEnded = end;
    if (!bytes.isReadable() || body.givenUp()) {
      dropped += bytes.readableBytes();
      content.release();
    } else {
      body.next(bytes);
    }
    if (end) {
      body.complete();
    }
  }

  private void bodyMalformed(RequestBody body, Throwable cause) {
    Problem problem = RequestHead.malformed(cause);
    if (exchange.begun()) {
      body.breakOff(problem.detail());
      connection.close();
    } else {
      refuse(problem);
    }
  }

  /** Whether another request can follow on the connection when this one is answered. */
  boolean leavesConnectionUsable() {
    if (bodyEnded || head == null) {
      return true;
    }
    return !continueDue && head.contentLength() - received <= DRAIN_LIMIT;
  }

  /** Whether the request is answered and read to its end. */
  boolean over() {
    return bodyEnded && exchange.done();
  }

  boolean waitsForCaller() {
    if (bodyEnded) {
      return false;
    }
    return small != null
        || exchange.done()
        || (stream != null && (stream.wanted() || stream.givenUp()));
  }

  void callerGone() {
    small = null;
    if (stream != null && !bodyEnded) {
      stream.breakOff("the caller went away");
    }
    bodyEnded = true;
    exchange.callerGone();
  }
}
