package io.restpipe.pipe;

import io.restpipe.event.Reply;
import io.restpipe.event.ReturnCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads failures out of replies and HTTP answers. */
final class Failures {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** A failure's body is a message and a stack trace; more than this is not read. */
  private static final int LIMIT = 1024 * 1024;

  private Failures() {}

  static void raiseFor(HttpResponse<?> response) {
    int code =
        response
            .headers()
            .firstValue("X-Event-Return-Code")
            .map(Failures::number)
            .orElse(ReturnCode.OK);
    if (isFailure(code)) {
      throw parse(code, text(response.body()));
    }
  }

  private static int number(String code) {
    try {
      return Integer.parseInt(code.strip());
    } catch (NumberFormatException notANumber) {
      return ReturnCode.OK;
    }
  }

  private static String text(@Nullable Object body) {
    if (body instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    if (body instanceof InputStream in) {
      try (in) {
        return new String(in.readNBytes(LIMIT), StandardCharsets.UTF_8);
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }
    return body == null ? "" : body.toString();
  }

  static CompletableFuture<Reply> raiseForFailure(CompletableFuture<Reply> exchange) {
    var checked = new Checked(exchange);
    exchange.whenComplete(checked::replied);
    return checked;
  }

  private static boolean isFailure(int code) {
    return code == ReturnCode.EXCEPTION || code == ReturnCode.UNHANDLED;
  }

  private static PipeFailException parse(int code, String body) {
    if (code == ReturnCode.UNHANDLED) {
      return new PipeFailException(
          code, body.isEmpty() ? "no handler for this verb and noun" : body, "", "");
    }
    try {
      JsonNode exception = JSON.readTree(body).path("exception");
      return new PipeFailException(
          code,
          exception.path("message").asString(""),
          exception.path("class").asString(""),
          exception.path("traceback").asString(""));
    } catch (JacksonException notJson) {
      return new PipeFailException(code, body, "", "");
    }
  }

  /** Fails where the reply says failure; cancelling it cancels the exchange. */
  private static final class Checked extends CompletableFuture<Reply> {

    private final CompletableFuture<Reply> exchange;

    Checked(CompletableFuture<Reply> exchange) {
      this.exchange = exchange;
    }

    void replied(@Nullable Reply reply, @Nullable Throwable failure) {
      if (reply == null) {
        completeExceptionally(failure == null ? new IllegalStateException("no reply") : failure);
      } else if (isFailure(reply.code())) {
        reply
            .body()
            .aggregate(LIMIT)
            .whenComplete(
                (bytes, broken) ->
                    completeExceptionally(
                        broken == null
                            ? parse(reply.code(), new String(bytes, StandardCharsets.UTF_8))
                            : broken));
      } else if (!complete(reply)) {
        reply.body().discard();
      }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      boolean cancelled = super.cancel(mayInterruptIfRunning);
      exchange.cancel(mayInterruptIfRunning);
      return cancelled;
    }
  }
}
