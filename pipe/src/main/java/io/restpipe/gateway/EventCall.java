package io.restpipe.gateway;

import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.restpipe.event.Body;
import io.restpipe.event.Event;
import io.restpipe.event.Principal;
import io.restpipe.event.Reply;
import io.restpipe.event.ReturnCode;
import io.restpipe.pipe.PipeException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** One event on its way to a peer, and its reply on the way back to the caller. */
final class EventCall {

  private final HttpExchange exchange;
  private final EventLoop loop;
  private final boolean hideTraceback;

  private @Nullable CompletableFuture<Reply> call;
  private boolean callerGone;

  private EventCall(HttpExchange exchange, boolean hideTraceback) {
    this.exchange = exchange;
    this.loop = exchange.connection().loop();
    this.hideTraceback = hideTraceback;
  }

  /**
   * Sends the event.
   *
   * @throws ProblemException if it cannot be made from the request, or is refused
   */
  static void start(
      HttpExchange exchange, RequestHead head, Route.ToPeer route, Body body, Principal caller) {
    GatewayContext gateway = exchange.gateway();
    // First the id, so that all answers from here on carry it.
    String id = EventRequest.id(head.headers());
    EventRequest.verb(head.method());
    exchange.id(id);
    boolean unasked = caller.method() == Principal.Method.NONE;
    if (unasked
        && HeaderRules.fromAnotherSite(head.headers())
        && !trusted(gateway.listener.origins, head.headers())) {
      throw new ProblemException(
          Problem.of(
              403,
              "cross-site",
              "a page of another site asked a browser on this machine to call; this is not"
                  + " possible, since the gateway takes whoever is on this machine for a friend"));
    }
    if (gateway.refusing()) {
      throw new ProblemException(
          Problem.of(503, "draining", "the node is shutting down and takes no new events")
              .retryAfter(gateway.options.retryAfter()));
    }
    Event event =
        EventRequest.event(
            head,
            route,
            id,
            gateway.options.eventTimeout(),
            body,
            caller,
            exchange.connection().forwarded());
    boolean direct =
        caller.kind() == Principal.Kind.LOCAL && !HeaderRules.cameThroughProxy(head.headers());
    var call = new EventCall(exchange, !direct && !gateway.options.showTracebacks());
    exchange.onCallerGone(call::callerGone);
    call.send(route.peer(), event);
  }

  /** Only a site that is named: "all" must not mean to act as this machine. */
  private static boolean trusted(AllowedOrigins origins, HttpHeaders headers) {
    String origin = headers.get("Origin");
    return origin != null && origins.trusts(origin);
  }

  private void send(String peer, Event event) {
    CompletableFuture<Reply> sent = exchange.gateway().peers.peer(peer).exchange(event);
    call = sent;
    sent.whenComplete(this::completed);
  }

  private void callerGone() {
    callerGone = true;
    if (call != null) {
      call.cancel(true);
    }
  }

  /** On any thread. */
  private void completed(@Nullable Reply reply, @Nullable Throwable failure) {
    if (loop.inEventLoop()) {
      settle(reply, failure);
      return;
    }
    try {
      loop.execute(() -> settle(reply, failure));
    } catch (RejectedExecutionException closed) {
      if (reply != null) {
        reply.body().discard();
      }
    }
  }

  private void settle(@Nullable Reply reply, @Nullable Throwable failure) {
    if (callerGone || exchange.done()) {
      if (reply != null) {
        reply.body().discard();
      }
      return;
    }
    try {
      if (reply == null) {
        failed(failure);
      } else if (reply.code() == ReturnCode.EXCEPTION && hideTraceback) {
        readException(reply);
      } else {
        replied(reply);
      }
    } catch (RuntimeException defect) {
      if (reply != null) {
        reply.body().discard();
      }
      exchange.unexpected(defect);
    }
  }

  private void failed(@Nullable Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof PipeException pipe) {
      exchange.problem(FailureProblems.of(pipe, exchange.gateway().options.retryAfter()));
    } else if (cause instanceof CancellationException) {
      exchange.problem(
          FailureProblems.of(
              new PipeException(
                  PipeException.Reason.CANCELLED, true, "the call was cancelled", null, cause),
              exchange.gateway().options.retryAfter()));
    } else {
      exchange.unexpected(cause == null ? new IllegalStateException("no reply") : cause);
    }
  }

  private void replied(Reply reply) {
    int status = status(reply);
    HttpHeaders headers = ReplyHeaders.of(reply, exchange.id());
    Body body = reply.body();
    ByteBuffer whole = body.whole();
    if (exchange.isHead() || status == 204 || status == 304) {
      long length = lengthForHead(reply);
      body.discard();
      exchange.respondHeadOnly(status, headers, length);
    } else if (whole != null) {
      exchange.respond(status, headers, Unpooled.wrappedBuffer(whole));
    } else {
      exchange.respondStreaming(status, headers, body.length());
      var stream = new ReplyStream(exchange, body.length());
      exchange.onCallerGone(stream::callerGone);
      body.subscribe(stream);
    }
  }

  private int status(Reply reply) {
    return ReplyStatus.of(reply, exchange.gateway().options.legacyStatus());
  }

  /** A handler that answers HEAD itself has no body, and says its length in a header. */
  private static long lengthForHead(Reply reply) {
    if (reply.body().isEmpty()) {
      return reply
          .headers()
          .first("Content-Length")
          .filter(length -> length.matches("[0-9]{1,18}"))
          .map(Long::parseLong)
          .orElse(0L);
    }
    return reply.body().length();
  }

  /** The rare case in which a body is looked into: it holds a traceback that is not for all. */
  private void readException(Reply reply) {
    CompletableFuture<byte[]> collected = reply.body().aggregate(ExceptionBody.LIMIT);
    exchange.onCallerGone(() -> collected.cancel(true));
    collected.whenComplete(
        (bytes, broken) -> {
          byte[] shown =
              broken == null ? ExceptionBody.withoutTraceback(bytes) : ExceptionBody.unreadable();
          completed(new Reply(reply.code(), reply.mimeType(), reply.headers(), Body.of(shown)));
        });
  }

  /** On any thread. */
  private void completed(Reply shown) {
    if (loop.inEventLoop()) {
      show(shown);
    } else {
      loop.execute(() -> show(shown));
    }
  }

  private void show(Reply shown) {
    if (!exchange.done()) {
      replied(shown);
    }
  }
}
