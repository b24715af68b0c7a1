package io.restpipe.gateway;

import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.restpipe.event.Body;
import io.restpipe.event.BodyException;
import io.restpipe.event.Headers;
import io.restpipe.security.Credentials;
import io.restpipe.security.HttpEndpoint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One request to an endpoint that is no event, and its answer. Begins on the connection's loop. */
final class EndpointCall {

  private static final Set<String> OF_THE_GATEWAY =
      Set.of("connection", "content-length", "date", "keep-alive", "transfer-encoding");

  private final HttpExchange exchange;
  private final EventLoop loop;

  private EndpointCall(HttpExchange exchange) {
    this.exchange = exchange;
    this.loop = exchange.connection().loop();
  }

  /**
   * Asks the endpoint.
   *
   * @throws ProblemException if the request cannot be given to it
   */
  static void start(
      HttpExchange exchange,
      RequestHead head,
      Route.ToEndpoint route,
      Body body,
      Credentials credentials) {
    Headers headers = headers(head.headers());
    CompletableFuture<byte[]> whole = body.aggregate(HttpEndpoint.MAX_BODY);
    CompletableFuture<HttpEndpoint.Answer> answer =
        whole
            .thenCompose(
                bytes ->
                    route
                        .endpoint()
                        .answer(
                            new HttpEndpoint.Request(
                                head.method(),
                                route.path(),
                                route.query(),
                                headers,
                                Body.of(bytes),
                                credentials)))
            .orTimeout(exchange.gateway().options.eventTimeout().toMillis(), TimeUnit.MILLISECONDS);
    exchange.onCallerGone(
        () -> {
          whole.cancel(true);
          answer.cancel(true);
        });
    var call = new EndpointCall(exchange);
    answer.whenComplete(call::completed);
  }

  private static Headers headers(HttpHeaders received) {
    var fields = new ArrayList<String>(received.size() * 2);
    for (Map.Entry<String, String> field : received) {
      fields.add(field.getKey());
      fields.add(field.getValue());
    }
    try {
      return Headers.of(fields.toArray(new String[0]));
    } catch (IllegalArgumentException invalid) {
      throw new ProblemException(Problem.badRequest("malformed header: " + invalid.getMessage()));
    }
  }

  /** On any thread. */
  private void completed(HttpEndpoint.@Nullable Answer answer, @Nullable Throwable failure) {
    try {
      loop.execute(() -> settle(answer, failure));
    } catch (RejectedExecutionException closed) {
      // There is nobody to answer any more.
    }
  }

  private void settle(HttpEndpoint.@Nullable Answer answer, @Nullable Throwable failure) {
    if (exchange.done()) {
      return;
    }
    if (answer != null) {
      respond(answer);
      return;
    }
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof BodyException broken
        && broken.reason() == BodyException.Reason.TOO_LARGE) {
      exchange.problem(
          Problem.of(413, "too-large", "a body may have " + HttpEndpoint.MAX_BODY + " bytes here"));
    } else if (cause instanceof BodyException) {
      exchange.problem(Problem.badRequest("the body broke off"));
    } else if (cause instanceof TimeoutException) {
      exchange.problem(
          Problem.of(503, "overloaded", "the answer took too long")
              .retryAfter(exchange.gateway().options.retryAfter()));
    } else {
      exchange.unexpected(cause == null ? new IllegalStateException("no answer") : cause);
    }
  }

  private void respond(HttpEndpoint.Answer answer) {
    HttpHeaders headers = HttpExchange.headers();
    headers.set(FieldNames.CACHE_CONTROL, "no-store");
    answer
        .headers()
        .forEach(
            (name, value) -> {
              String lower = name.toLowerCase(Locale.ROOT);
              if (lower.equals("cache-control")) {
                headers.set(FieldNames.CACHE_CONTROL, value);
              } else if (!OF_THE_GATEWAY.contains(lower)) {
                headers.add(name, value);
              }
            });
    ByteBuffer body = Objects.requireNonNull(answer.body().whole());
    exchange.respond(answer.status(), headers, Unpooled.wrappedBuffer(body));
  }
}
