package io.restpipe.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.restpipe.event.Body;
import io.restpipe.event.Reply;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GatewayShutdownTest {

  private static final String GET = "GET /client/c/n HTTP/1.1\r\nHost: h\r\n\r\n";

  private TestGateway gateway;
  private RawCaller caller;

  @BeforeEach
  void start() throws Exception {
    gateway = TestGateway.start();
    caller = gateway.connect();
  }

  @AfterEach
  void stop() throws Exception {
    caller.close();
    gateway.close();
  }

  @Test
  void a_gateway_that_refuses_answers_new_events_503_and_goes_on_with_pages() throws Exception {
    gateway.peers.reply(event -> Reply.of(0, "", Body.of("hello")));

    gateway.gateway.refuse();

    HttpResponse<String> response = gateway.get("/client/c/n");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("5");
    assertThat(response.body()).contains("shutting down");
    assertThat(gateway.get("/metrics").statusCode()).isEqualTo(200);
    assertThat(gateway.peers.events).isEmpty();
  }

  @Test
  void a_gateway_that_refuses_ends_a_kept_connection_with_the_answer_that_says_so()
      throws Exception {
    gateway.peers.reply(event -> Reply.of(0, "", Body.of("hello")));
    caller.send(GET);
    assertThat(caller.response().header("Connection")).isNull();

    gateway.gateway.refuse();
    caller.send(GET);

    RawCaller.Response refusal = caller.response();
    assertThat(refusal.status()).isEqualTo(503);
    assertThat(refusal.header("Connection")).isEqualTo("close");
    assertThat(caller.ended()).isTrue();
  }

  @Test
  void closing_waits_for_the_running_request() throws Exception {
    var reply = new CompletableFuture<Reply>();
    gateway.peers.answer((name, event) -> reply);
    caller.send(GET + GET);
    await().until(() -> !gateway.peers.events.isEmpty());

    var closing = CompletableFuture.runAsync(() -> gateway.gateway.close(Duration.ofSeconds(10)));
    await().until(this::nobodyListens);
    assertThat(closing).isNotDone();
    reply.complete(Reply.of(0, "", Body.of("finished")));

    RawCaller.Response response = caller.response();
    assertThat(response.body()).isEqualTo("finished");
    assertThat(response.header("Connection")).isEqualTo("close");
    assertThat(caller.ended()).isTrue();
    caller.close();
    closing.join();
    assertThat(gateway.peers.events).hasSize(1);
  }

  @Test
  void closing_waits_for_a_body_that_is_under_way() throws Exception {
    var body = new TrackedBody(16 * 1024, 1_000);
    gateway.peers.reply(event -> Reply.of(0, "", body));
    caller.send(GET);
    caller.head();

    var closing = CompletableFuture.runAsync(() -> gateway.gateway.close(Duration.ofSeconds(10)));
    await().until(this::nobodyListens);

    assertThat(caller.in().readNBytes(16 * 1024 * 1_000)).hasSize(16 * 1024 * 1_000);
    assertThat(caller.ended()).isTrue();
    caller.close();
    closing.join();
  }

  @Test
  void closing_ends_what_is_left_at_the_deadline() throws Exception {
    var reply = new CompletableFuture<Reply>();
    gateway.peers.answer((name, event) -> reply);
    caller.send(GET);
    await().until(() -> !gateway.peers.events.isEmpty());

    gateway.gateway.close(Duration.ofMillis(50));

    assertThat(caller.ended()).isTrue();
    await().until(reply::isCancelled);
  }

  @Test
  void closing_ends_idle_connections_at_once() throws Exception {
    gateway.peers.reply(event -> Reply.of(0, "", Body.of("hello")));
    caller.send(GET);
    caller.response();

    gateway.gateway.close(Duration.ofDays(1));
    gateway.gateway.close(Duration.ofDays(1));

    assertThat(caller.ended()).isTrue();
    assertThatThrownBy(gateway::connect).isInstanceOf(ConnectException.class);
  }

  private boolean nobodyListens() {
    try (RawCaller another = gateway.connect()) {
      return false;
    } catch (IOException refused) {
      return true;
    }
  }
}
