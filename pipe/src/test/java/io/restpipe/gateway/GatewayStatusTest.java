package io.restpipe.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.event.Body;
import io.restpipe.event.Headers;
import io.restpipe.event.Reply;
import io.restpipe.pipe.PipeException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GatewayStatusTest {

  private static final String EXCEPTION =
      "{\"exception\": {\"message\": \"boom\", \"traceback\": \"at Secret.java\","
          + " \"class\": \"java.lang.IllegalStateException\"}}";

  @ParameterizedTest
  @CsvSource({
    "0, 200", "1, 200", "200, 200", "249, 200", "250, 500", "251, 500", "254, 500", "255, 404",
    "256, 200", "299, 200", "300, 300", "404, 404", "418, 418", "503, 503", "599, 599", "600, 200",
    "999, 200"
  })
  void a_return_code_decides_the_status_and_is_told(int code, int status) throws Exception {
    try (var gateway = TestGateway.start()) {
      gateway.peers.reply(event -> Reply.of(code, "text/plain", Body.of("x")));

      HttpResponse<String> response = gateway.get("/client/c/n");

      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(response.headers().firstValue("X-Event-Return-Code")).hasValue("" + code);
      assertThat(response.body()).isEqualTo("x");
    }
  }

  @ParameterizedTest
  @CsvSource({"251, 200", "255, 200", "0, 200", "404, 404"})
  void the_legacy_status_is_that_of_the_original(int code, int status) throws Exception {
    try (var gateway = TestGateway.start(setup -> setup.options.legacyStatus(true))) {
      gateway.peers.reply(event -> Reply.of(code, "text/plain", Body.of("x")));

      assertThat(gateway.get("/client/c/n").statusCode()).isEqualTo(status);
    }
  }

  @Test
  void wrong_parameters_are_400_and_the_mark_is_not_passed_on() throws Exception {
    try (var gateway = TestGateway.start()) {
      gateway.peers.reply(
          event ->
              new Reply(
                  251,
                  "application/json",
                  Headers.of("X-Event-Error", "parameters"),
                  Body.of(EXCEPTION)));

      HttpResponse<String> response = gateway.get("/client/c/n//a");

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.headers().firstValue("X-Event-Return-Code")).hasValue("251");
      assertThat(response.headers().firstValue("X-Event-Error")).isEmpty();
      assertThat(response.body()).isEqualTo(EXCEPTION);
    }
  }

  @ParameterizedTest
  @CsvSource({"duplicate-id,422", "reply-gone,409", "superseded,409"})
  void an_event_that_must_not_run_twice_tells_its_caller(String error, int status)
      throws Exception {
    try (var gateway = TestGateway.start()) {
      gateway.peers.reply(
          event ->
              new Reply(
                  251, "application/json", Headers.of("X-Event-Error", error), Body.of(EXCEPTION)));

      assertThat(gateway.get("/client/c/n").statusCode()).isEqualTo(status);
    }
  }

  @Test
  void a_caller_on_this_machine_sees_the_traceback() throws Exception {
    try (var gateway = TestGateway.start()) {
      gateway.peers.reply(event -> Reply.of(251, "application/json", Body.of(EXCEPTION)));

      assertThat(gateway.get("/client/c/n").body()).isEqualTo(EXCEPTION);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Forwarded-For", "Forwarded"})
  void a_caller_behind_a_proxy_does_not_see_the_traceback(String header) throws Exception {
    try (var gateway = TestGateway.start()) {
      gateway.peers.reply(event -> Reply.of(251, "application/json", Body.of(EXCEPTION)));

      HttpResponse<String> response =
          gateway.send(gateway.request("/client/c/n").header(header, "192.0.2.1").build());

      assertThat(response.statusCode()).isEqualTo(500);
      JsonNode exception = JsonMapper.shared().readTree(response.body()).path("exception");
      assertThat(exception.path("message").asString()).isEqualTo("boom");
      assertThat(exception.path("class").asString()).isEqualTo("java.lang.IllegalStateException");
      assertThat(exception.path("traceback").asString()).isEmpty();
    }
  }

  @Test
  void a_traceback_is_also_taken_out_of_a_body_that_streams() throws Exception {
    try (var gateway = TestGateway.start()) {
      gateway.peers.reply(event -> Reply.of(251, "application/json", streamed(EXCEPTION)));

      HttpResponse<String> response =
          gateway.send(
              gateway.request("/client/c/n").header("X-Forwarded-For", "192.0.2.1").build());

      assertThat(response.body()).contains("boom").doesNotContain("Secret");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"no json, Secret", "[\"Secret\"]", "{\"exception\": \"Secret\"}", ""})
  void an_exception_that_cannot_be_read_is_not_shown(String body) throws Exception {
    try (var gateway = TestGateway.start()) {
      gateway.peers.reply(event -> Reply.of(251, "application/json", Body.of(body)));

      HttpResponse<String> response =
          gateway.send(
              gateway.request("/client/c/n").header("X-Forwarded-For", "192.0.2.1").build());

      assertThat(response.body()).contains("the handler failed").doesNotContain("Secret");
    }
  }

  @Test
  void tracebacks_can_be_shown_to_all() throws Exception {
    try (var gateway = TestGateway.start(setup -> setup.options.showTracebacks(true))) {
      gateway.peers.reply(event -> Reply.of(251, "application/json", Body.of(EXCEPTION)));

      HttpResponse<String> response =
          gateway.send(
              gateway.request("/client/c/n").header("X-Forwarded-For", "192.0.2.1").build());

      assertThat(response.body()).isEqualTo(EXCEPTION);
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "UNKNOWN_PEER, false, 404, -, -",
        "NOT_CONNECTED, false, 503, 7, -",
        "TIMED_OUT, true, 504, -, unknown",
        "TIMED_OUT, false, 504, -, -",
        "CONNECTION_LOST, true, 502, -, unknown",
        "CONNECTION_LOST, false, 502, -, -",
        "OVERLOADED, false, 503, 7, -",
        "TOO_LARGE, false, 413, -, -",
        "FORBIDDEN, false, 403, -, -",
        "DRAINING, false, 503, 7, -",
        "CANCELLED, true, 503, 7, unknown",
        "BAD_EVENT, false, 400, -, -",
      })
  void a_failure_without_reply_is_a_problem(
      PipeException.Reason reason, boolean unknown, int status, String retry, String outcome)
      throws Exception {
    try (var gateway =
        TestGateway.start(setup -> setup.options.retryAfter(Duration.ofSeconds(7)))) {
      gateway.peers.fail(new PipeException(reason, unknown, "the reason why", null, null));

      HttpResponse<String> response = gateway.get("/client/c/n");

      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(response.headers().firstValue("Content-Type"))
          .hasValue("application/problem+json");
      assertThat(response.headers().firstValue("Retry-After").orElse(null)).isEqualTo(retry);
      assertThat(response.headers().firstValue("X-Event-Outcome").orElse(null)).isEqualTo(outcome);
      assertThat(response.headers().firstValue("X-Event-Return-Code")).isEmpty();
      String id = response.headers().firstValue("X-Event-Id").orElseThrow();
      JsonNode problem = JsonMapper.shared().readTree(response.body());
      assertThat(problem.path("type").asString()).startsWith("urn:restpipe:problem:");
      assertThat(problem.path("title").asString()).isNotEmpty();
      assertThat(problem.path("status").asInt()).isEqualTo(status);
      assertThat(problem.path("detail").asString()).isEqualTo("the reason why");
      assertThat(problem.path("instance").asString()).isEqualTo(id);
    }
  }

  @Test
  void a_failure_may_say_when_to_try_again_and_come_wrapped() throws Exception {
    try (var gateway = TestGateway.start()) {
      gateway.peers.fail(
          new CompletionException(
              new PipeException(
                  PipeException.Reason.OVERLOADED, false, "busy", Duration.ofMillis(1200), null)));

      assertThat(gateway.get("/client/c/n").headers().firstValue("Retry-After")).hasValue("2");
    }
  }

  @Test
  void the_instance_of_a_problem_is_a_uri_reference_whatever_the_id() throws Exception {
    try (var gateway = TestGateway.start()) {
      gateway.peers.fail(new PipeException(PipeException.Reason.UNKNOWN_PEER, "nobody"));

      HttpResponse<String> response =
          gateway.send(gateway.request("/client/c/n").header("Idempotency-Key", "a b/\"c").build());

      assertThat(JsonMapper.shared().readTree(response.body()).path("instance").asString())
          .isEqualTo("a%20b%2F%22c");
    }
  }

  @Test
  void an_unexpected_error_is_logged_with_the_id_that_the_caller_gets() throws Exception {
    try (var gateway = TestGateway.start();
        var log = new CapturedLog(HttpExchange.class.getName())) {
      for (Throwable defect : List.of(new IOException("secret"), new AssertionError("secret"))) {
        gateway.peers.fail(defect);

        HttpResponse<String> response = gateway.get("/client/c/n//private");

        String id = response.headers().firstValue("X-Event-Id").orElseThrow();
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).contains(id).doesNotContain("secret");
        assertThat(log.lines()).filteredOn(line -> line.contains(id)).hasSize(1);
        assertThat(log.lines()).noneMatch(line -> line.contains("private"));
      }
    }
  }

  @Test
  void a_defect_that_is_thrown_at_once_is_caught_as_well() throws Exception {
    try (var gateway = TestGateway.start();
        var log = new CapturedLog(HttpExchange.class.getName())) {
      gateway.peers.answer(
          (name, event) -> {
            throw new IllegalStateException("secret");
          });

      HttpResponse<String> response = gateway.get("/client/c/n");

      assertThat(response.statusCode()).isEqualTo(500);
      assertThat(response.body()).doesNotContain("secret");
      assertThat(log.lines()).hasSize(1);
    }
  }

  private static Body streamed(String text) {
    return Body.from(new ChunkSource(List.of(ByteBuffer.wrap(text.getBytes()))), -1);
  }
}
