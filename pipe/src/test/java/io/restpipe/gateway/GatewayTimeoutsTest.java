package io.restpipe.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restpipe.event.Body;
import io.restpipe.event.BodyException;
import io.restpipe.event.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GatewayTimeoutsTest {

  private static final String GET = "GET /client/c/n HTTP/1.1\r\nHost: h\r\n\r\n";

  private TestGateway gateway;
  private RawCaller caller;

  @BeforeEach
  void start() throws Exception {
    gateway =
        TestGateway.start(
            setup ->
                setup
                    .options
                    .idleTimeout(Duration.ofMillis(400))
                    .headTimeout(Duration.ofMillis(200)));
    gateway.peers.reply(event -> Reply.of(0, "text/plain", Body.of("hello")));
    caller = gateway.connect();
  }

  @AfterEach
  void stop() throws Exception {
    caller.close();
    gateway.close();
  }

  @Test
  void a_connection_on_which_nothing_comes_ends() throws Exception {
    assertThat(caller.ended()).isTrue();
  }

  @Test
  void a_connection_without_another_request_ends() throws Exception {
    caller.send(GET);

    assertThat(caller.response().status()).isEqualTo(200);
    assertThat(caller.ended()).isTrue();
  }

  @Test
  void a_head_that_does_not_become_complete_is_408() throws Exception {
    caller.send(GET);
    assertThat(caller.response().status()).isEqualTo(200);

    caller.send("GET /client/c/n HTTP/1.1\r\nHost:");

    assertThat(caller.response().status()).isEqualTo(408);
    assertThat(caller.ended()).isTrue();
  }

  @Test
  void a_head_that_comes_too_slowly_is_408_though_bytes_keep_coming() throws Exception {
    caller.send("GET /client/c/n HTTP/1.1\r\nX-Slow: ");
    ScheduledExecutorService dripping = Executors.newSingleThreadScheduledExecutor();
    try {
      dripping.scheduleWithFixedDelay(this::sendOneMore, 0, 20, TimeUnit.MILLISECONDS);

      assertThat(caller.head().status()).isEqualTo(408);
    } finally {
      dripping.shutdownNow();
    }
  }

  private void sendOneMore() {
    try {
      caller.send("x");
    } catch (IOException ended) {
      throw new UncheckedIOException(ended);
    }
  }

  @Test
  void a_small_body_that_stops_coming_is_408() throws Exception {
    caller.send("PUT /client/c/n HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc");

    assertThat(caller.response().status()).isEqualTo(408);
    assertThat(caller.ended()).isTrue();
    assertThat(gateway.peers.events).isEmpty();
  }

  @Test
  void a_body_that_stops_coming_breaks_off_and_is_408() throws Exception {
    var reply = new CompletableFuture<Reply>();
    var taker = new Taker();
    gateway.peers.answer(
        (name, event) -> {
          event.body().subscribe(taker);
          taker.request(Long.MAX_VALUE);
          return reply;
        });
    caller.send("PUT /client/c/n HTTP/1.1\r\nHost: h\r\nContent-Length: 99999\r\n\r\nabc");

    assertThat(caller.response().status()).isEqualTo(408);
    assertThat(taker.failure()).isInstanceOf(BodyException.class);
    assertThat(reply).isCancelled();
  }

  @Test
  void a_slow_peer_is_not_the_callers_fault() throws Exception {
    var reply = new CompletableFuture<Reply>();
    gateway.peers.answer((name, event) -> reply);
    caller.send(GET);

    await().during(1, TimeUnit.SECONDS).until(() -> !reply.isDone());
    reply.complete(Reply.of(0, "", Body.of("at last")));

    assertThat(caller.response().body()).isEqualTo("at last");
  }

  @Test
  void a_body_that_nobody_asks_for_yet_is_not_the_callers_fault() throws Exception {
    var reply = new CompletableFuture<Reply>();
    var taker = new Taker();
    gateway.peers.answer(
        (name, event) -> {
          event.body().subscribe(taker);
          return reply;
        });
    caller.send("PUT /client/c/n HTTP/1.1\r\nHost: h\r\nContent-Length: 70000\r\n\r\n");

    await().during(1, TimeUnit.SECONDS).until(() -> !reply.isDone());
    taker.request(Long.MAX_VALUE);
    caller.send(new byte[70_000]);
    await().until(taker::complete);
    reply.complete(Reply.of(0, "", Body.of("at last")));

    assertThat(caller.response().body()).isEqualTo("at last");
  }

  @Test
  void a_caller_that_stops_reading_is_given_up() throws Exception {
    var body = new TrackedBody(64 * 1024, 10_000);
    gateway.peers.reply(event -> Reply.of(0, "", body));
    caller.send(GET);

    await().until(() -> body.cancelled() && body.outstanding() == 0);
  }
}
