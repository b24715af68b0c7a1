package io.restpipe.security;

import io.restpipe.event.Body;
import io.restpipe.event.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * Answers HTTP requests at a path of a gateway that are no events: a login service, for example.
 * The gateway calls it for callers that are not authenticated too; it refuses pages of other sites
 * before that, bounds the body, and turns a stage that fails into 500.
 *
 * <p>Called on an event loop: it never blocks. The stage completes on any thread.
 */
@FunctionalInterface
public interface HttpEndpoint {

  /** The most bytes that a body may have; a longer one is answered 413 before this is called. */
  int MAX_BODY = 64 * 1024;

  CompletionStage<Answer> answer(Request request);

  /**
   * A request.
   *
   * @param method in capitals
   * @param path as it came, from the first slash on, without the query: {@code /auth/login}
   * @param query as it came, without the question mark; empty if there is none
   * @param headers all of them
   * @param body whole: {@link Body#whole} has it
   * @param credentials what of it may tell who the caller is
   */
  record Request(
      String method,
      String path,
      String query,
      Headers headers,
      Body body,
      Credentials credentials) {

    /** The body as UTF-8 text; octets that are none come out as U+FFFD. */
    public String text() {
      ByteBuffer whole = Objects.requireNonNull(body.whole(), "body is not whole");
      return StandardCharsets.UTF_8.decode(whole).toString();
    }

    /** Method and path. */
    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  /**
   * The answer to it. Content-Length, Date, Connection and the security headers are the gateway's.
   *
   * @param status 200 to 599
   * @param headers Content-Type, Set-Cookie, Retry-After and the like
   * @param body whole: {@link Body#whole} has it
   */
  record Answer(int status, Headers headers, Body body) {

    public Answer {
      if (status < 200 || status > 599) {
        throw new IllegalArgumentException("status must be 200 to 599: " + status);
      }
      Objects.requireNonNull(body.whole(), "body is not whole");
    }

    /** An answer with a text in UTF-8. */
    public static Answer of(int status, String contentType, String text) {
      return new Answer(status, Headers.of("Content-Type", contentType), Body.of(text));
    }

    /** The status. */
    @Override
    public String toString() {
      return "Answer " + status;
    }
  }
}
