package io.restpipe.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restpipe.event.Body;
import io.restpipe.event.Headers;
import io.restpipe.event.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpProtocolTest {

  private static final String HEAD = "GET /client/c/n HTTP/1.1\r\nHost: h\r\n";

  private TestGateway gateway;
  private RawCaller caller;

  @BeforeEach
  void start() throws Exception {
    gateway = TestGateway.start();
    gateway.peers.reply(event -> Reply.of(0, "text/plain", Body.of("hello")));
    caller = gateway.connect();
  }

  @AfterEach
  void stop() throws Exception {
    caller.close();
    gateway.close();
  }

  @Test
  void a_connection_serves_one_request_after_the_other() throws Exception {
    for (int i = 0; i < 3; i++) {
      caller.send(HEAD + "\r\n");
      assertThat(caller.response().body()).isEqualTo("hello");
    }
  }

  @Test
  void responses_leave_in_the_order_of_pipelined_requests() throws Exception {
    var first = new CompletableFuture<Reply>();
    gateway.peers.answer(
        (name, event) ->
            event.noun().equals("slow")
                ? first
                : CompletableFuture.completedFuture(
                    Reply.of(0, "text/plain", Body.of(event.noun()))));

    caller.send(
        "GET /client/c/slow HTTP/1.1\r\nHost: h\r\n\r\n"
            + "POST /client/c/b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
            + "POST /client/c/c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "2\r\nxy\r\n0\r\n\r\n"
            + "GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n"
            + "GET /client/c/d HTTP/1.1\r\nHost: h\r\n\r\n");
    await().until(() -> !gateway.peers.events.isEmpty());
    first.complete(Reply.of(0, "text/plain", Body.of("slow")));

    assertThat(caller.response().body()).isEqualTo("slow");
    assertThat(caller.response().body()).isEqualTo("b");
    assertThat(caller.response().body()).isEqualTo("c");
    assertThat(caller.response().status()).isEqualTo(404);
    assertThat(caller.response().body()).isEqualTo("d");
    assertThat(gateway.peers.events.get(1).body().whole())
        .isEqualTo(StandardCharsets.UTF_8.encode("abc"));
    assertThat(gateway.peers.events.get(2).body().whole())
        .isEqualTo(StandardCharsets.UTF_8.encode("xy"));
  }

  @Test
  void many_pipelined_requests_are_all_answered() throws Exception {
    int count = 2_000;
    var sender =
        CompletableFuture.runAsync(
            () -> {
              try {
                for (int i = 0; i < count; i++) {
                  caller.send(HEAD + "\r\n");
                }
              } catch (IOException broken) {
                throw new UncheckedIOException(broken);
              }
            });

    for (int i = 0; i < count; i++) {
      assertThat(caller.response().status()).isEqualTo(200);
    }
    sender.join();
  }

  @Test
  void a_request_may_come_byte_by_byte() throws Exception {
    String request = "POST /client/c/n HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab";
    for (char c : request.toCharArray()) {
      caller.send(String.valueOf(c));
    }

    assertThat(caller.response().status()).isEqualTo(200);
    assertThat(gateway.peers.onlyEvent().body().length()).isEqualTo(2);
  }

  @Test
  void connection_close_ends_the_connection_after_the_response() throws Exception {
    caller.send(HEAD + "Connection: close\r\n\r\n");

    RawCaller.Response response = caller.response();
    assertThat(response.header("Connection")).isEqualTo("close");
    assertThat(caller.ended()).isTrue();
  }

  @Test
  void http_1_0_gets_one_response_and_needs_no_host() throws Exception {
    caller.send("GET /client/c/n HTTP/1.0\r\n\r\n");

    RawCaller.Response response = caller.response();
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("Connection")).isEqualTo("close");
    assertThat(response.body()).isEqualTo("hello");
    assertThat(caller.ended()).isTrue();
  }

  @Test
  void http_1_0_may_ask_to_go_on() throws Exception {
    for (int i = 0; i < 2; i++) {
      caller.send("GET /client/c/n HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

      RawCaller.Response response = caller.response();
      assertThat(response.header("Connection")).isEqualTo("keep-alive");
      assertThat(response.body()).isEqualTo("hello");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'POST /client/c/n HTTP/1.1|Host: h|Content-Length: 3|Transfer-Encoding: chunked||0||', 400",
    "'POST /client/c/n HTTP/1.1|Host: h|Transfer-Encoding: chunked|Content-Length: 3||0||', 400",
    "'POST /client/c/n HTTP/1.1|Host: h|Content-Length: 3|Content-Length: 4||abcd', 400",
    "'POST /client/c/n HTTP/1.1|Host: h|Content-Length: 3|Content-Length: 3||abc', 400",
    "'POST /client/c/n HTTP/1.1|Host: h|Content-Length: 3, 3||abc', 400",
    "'POST /client/c/n HTTP/1.1|Host: h|Content-Length: +3||abc', 400",
    "'POST /client/c/n HTTP/1.1|Host: h|Content-Length: -3||abc', 400",
    "'POST /client/c/n HTTP/1.1|Host: h|Content-Length: 0x3||abc', 400",
    "'POST /client/c/n HTTP/1.1|Host: h|Content-Length: ||abc', 400",
    "'POST /client/c/n HTTP/1.1|Host: h|Content-Length: 99999999999999999999||abc', 400",
    "'POST /client/c/n HTTP/1.1|Host: h|Transfer-Encoding: chunked|Transfer-Encoding: chunked||0||', 501",
    "'POST /client/c/n HTTP/1.1|Host: h|Transfer-Encoding: gzip, chunked||0||', 501",
    "'POST /client/c/n HTTP/1.1|Host: h|Transfer-Encoding: identity||', 501",
    "'POST /client/c/n HTTP/1.1|Host: h|Transfer-Encoding : chunked||0||', 400",
    "'POST /client/c/n HTTP/1.0|Transfer-Encoding: chunked||0||', 400",
    "'GET /client/c/n HTTP/1.1||', 400",
    "'GET /client/c/n HTTP/1.1|Host: a|Host: b||', 400",
    "'GET /client/c/n HTTP/1.1|Host: h|X-Folded: a| b||', 400",
    "'GET /client/c/n HTTP/1.1|Host: h|X-Folded: a|\tContent-Length: 5||', 400",
    "'GET /client/c/n HTTP/1.1|Host: h|No colon||', 400",
    "'GET /client/c/n HTTP/1.1|Host: h|X-Bad\u0001: a||', 400",
    "'GET /client/c/n HTTP/1.1|Host: h|: a||', 400",
    "'GET /client/c/n HTTP/2.0|Host: h||', 505",
    "'GET /client/c/n|Host: h||', 400",
    "'GET  /client/c/n  HTTP/1.1 x|Host: h||', 400",
    "'nonsense|||', 400",
    "'POST /client/c/n HTTP/1.1|Host: h|Transfer-Encoding: chunked||zz|abc|0||', 400",
    "'POST /client/c/n HTTP/1.1|Host: h|Transfer-Encoding: chunked||-1|abc|0||', 400",
    "'POST /client/c/n HTTP/1.1|Host: h|Content-Length: 3|Expect: magic||abc', 417",
  })
  void ambiguous_or_malformed_requests_are_refused_and_the_connection_ends(String lines, int status)
      throws Exception {
    // What follows would be answered as well if the two sides could differ on where a request ends.
    caller.send(lines.replace("|", "\r\n") + "\r\n" + HEAD + "\r\n");

    RawCaller.Response response = caller.response();
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(response.header("Connection")).isEqualTo("close");
    assertThat(caller.ended()).isTrue();
    assertThat(gateway.peers.events).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /client/c/n HTTP/1.1\nHost: h\n\n",
        "GET /client/c/n HTTP/1.1\r\nHost: h\nX: 1\r\n\r\n",
        "GET /client/c/n HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n",
        "GET /client/c/n HTTP/1.1\r\nHost: h\r\nX: a\u0000b\r\n\r\n",
      })
  void stray_line_ends_and_nul_are_refused(String request) throws Exception {
    caller.send(request);

    assertThat(caller.response().status()).isEqualTo(400);
    assertThat(caller.ended()).isTrue();
    assertThat(gateway.peers.events).isEmpty();
  }

  @Test
  void a_line_that_is_too_long_is_414() throws Exception {
    caller.send("GET /client/c/n//" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: h\r\n\r\n");

    assertThat(caller.response().status()).isEqualTo(414);
    assertThat(caller.ended()).isTrue();
  }

  @Test
  void headers_that_are_too_large_are_431() throws Exception {
    caller.send(HEAD);
    for (int i = 0; i < 40; i++) {
      caller.send("X-Large: " + "x".repeat(1_000) + "\r\n");
    }
    caller.send("\r\n");

    assertThat(caller.response().status()).isEqualTo(431);
    assertThat(caller.ended()).isTrue();
  }

  @Test
  void more_headers_than_an_event_takes_are_431() throws Exception {
    caller.send(HEAD + "X-A: b\r\n".repeat(300) + "\r\n");

    assertThat(caller.response().status()).isEqualTo(431);
    assertThat(gateway.peers.events).isEmpty();
  }

  @Test
  void eight_kilobytes_of_path_and_thirty_of_headers_pass() throws Exception {
    caller.send("GET /client/c/n//" + "x".repeat(8_000) + " HTTP/1.1\r\nHost: h\r\n");
    for (int i = 0; i < 30; i++) {
      caller.send("X-Large: " + "x".repeat(1_000) + "\r\n");
    }
    caller.send("\r\n");

    assertThat(caller.response().status()).isEqualTo(200);
    assertThat(gateway.peers.onlyEvent().headers().all("X-Large")).hasSize(30);
  }

  @Test
  void head_has_the_length_of_the_body_and_no_body() throws Exception {
    caller.send("HEAD /client/c/n HTTP/1.1\r\nHost: h\r\n\r\n" + HEAD + "\r\n");

    assertThat(caller.head().header("Content-Length")).isEqualTo("5");
    assertThat(caller.response().body()).isEqualTo("hello");
  }

  @Test
  void head_may_be_answered_with_a_length_alone() throws Exception {
    gateway.peers.reply(
        event ->
            new Reply(0, "text/plain", Headers.of("Content-Length", "12345678901"), Body.empty()));
    caller.send("HEAD /client/c/n HTTP/1.1\r\nHost: h\r\n\r\n" + HEAD + "\r\n");

    assertThat(caller.head().header("Content-Length")).isEqualTo("12345678901");
    assertThat(caller.response().header("Content-Length")).isEqualTo("0");
  }

  @Test
  void a_body_that_streams_is_discarded_for_head() throws Exception {
    var body = new TrackedBody(1000, 4);
    gateway.peers.reply(event -> Reply.of(0, "text/plain", body));
    caller.send("HEAD /client/c/n HTTP/1.1\r\nHost: h\r\n\r\n");

    assertThat(caller.head().header("Content-Length")).isEqualTo("4000");
    await().until(body::discarded);
  }

  @ParameterizedTest
  @ValueSource(ints = {304})
  void not_modified_has_no_body(int code) throws Exception {
    gateway.peers.reply(event -> Reply.of(code, "text/plain", Body.of("hello")));
    caller.send(HEAD + "\r\n");
    RawCaller.Response response = caller.response();

    assertThat(response.status()).isEqualTo(code);
    assertThat(response.header("Content-Length")).isNull();
    gateway.peers.reply(event -> Reply.of(0, "text/plain", Body.of("next")));
    caller.send(HEAD + "\r\n");
    assertThat(caller.response().body()).isEqualTo("next");
  }

  @Test
  void one_caller_does_not_wait_for_another() throws Exception {
    gateway.peers.answer(
        (name, event) ->
            event.noun().equals("slow")
                ? new CompletableFuture<>()
                : CompletableFuture.completedFuture(Reply.of(0, "", Body.of("fast"))));
    caller.send("GET /client/c/slow HTTP/1.1\r\nHost: h\r\n\r\n");

    for (int i : IntStream.range(0, 100).toArray()) {
      assertThat(gateway.get("/client/c/fast//" + i).body()).isEqualTo("fast");
    }
  }

  @Test
  void a_caller_beyond_the_last_connection_is_answered_503() throws Exception {
    try (var small = TestGateway.start(setup -> setup.options.maxConnections(1));
        RawCaller first = small.connect()) {
      small.peers.reply(event -> Reply.of(0, "", Body.of("hello")));
      first.send(HEAD + "\r\n");
      assertThat(first.response().status()).isEqualTo(200);

      try (RawCaller second = small.connect()) {
        second.send(HEAD + "\r\n");
        RawCaller.Response response = second.response();
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("Retry-After")).isEqualTo("5");
        assertThat(response.body()).contains("all 1 connections are in use");
        assertThat(second.ended()).isTrue();
      }

      first.close();
      await().until(() -> small.get("/client/c/n").statusCode() == 200);
    }
  }
}
