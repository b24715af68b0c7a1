package io.restpipe.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.event.Body;
import io.restpipe.event.PeerInfo;
import io.restpipe.event.Reply;
import io.restpipe.pipe.Connected;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GatewayPagesTest {

  @Test
  void the_heartbeat_is_200_while_all_is_well() throws Exception {
    try (var gateway = TestGateway.start()) {
      HttpResponse<String> response = gateway.get("/__heartbeat__");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("ok\n");
      assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    }
  }

  @Test
  void the_heartbeat_is_503_and_says_what_is_wrong() throws Exception {
    try (var gateway = TestGateway.start()) {
      gateway.node.problems = List.of("the disk is full", "the clock is off");

      HttpResponse<String> response = gateway.get("/__heartbeat__");

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(json(response).path("detail").asString())
          .isEqualTo("the disk is full; the clock is off");
    }
  }

  @Test
  void the_heartbeat_is_503_while_the_node_drains_and_calls_go_on() throws Exception {
    try (var gateway = TestGateway.start()) {
      gateway.peers.reply(event -> Reply.of(0, "text/plain", Body.of("still here")));
      gateway.node.draining = true;

      assertThat(gateway.get("/__heartbeat__").statusCode()).isEqualTo(503);
      assertThat(gateway.get("/client/c/time").body()).isEqualTo("still here");
    }
  }

  @Test
  void the_heartbeat_answers_head() throws Exception {
    try (var gateway = TestGateway.start();
        RawCaller caller = gateway.connect()) {
      caller.send("HEAD /__heartbeat__ HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

      assertThat(caller.head().header("Content-Length")).isEqualTo("3");
      assertThat(caller.rest()).isEmpty();
    }
  }

  @Test
  void the_heartbeat_page_can_have_another_name() throws Exception {
    try (var gateway = TestGateway.start(setup -> setup.options.heartbeatPage("healthz"))) {
      assertThat(gateway.get("/healthz").statusCode()).isEqualTo(200);
      assertThat(gateway.get("/__heartbeat__").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void metrics_are_prometheus_text() throws Exception {
    try (var gateway = TestGateway.start()) {
      HttpResponse<String> response = gateway.get("/metrics");

      assertThat(response.body()).isEqualTo("a_meter_total 1\n");
      assertThat(response.headers().firstValue("Content-Type"))
          .hasValue("text/plain; version=0.0.4; charset=utf-8");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/__heartbeat__/", "/metrics/", "/__clients__/", "/metrics?x=y"})
  void a_trailing_slash_and_a_query_change_nothing(String path) throws Exception {
    try (var gateway = TestGateway.start()) {
      assertThat(gateway.get(path).statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/__heartbeat__", "/metrics", "/__clients__"})
  void pages_can_only_be_read(String path) throws Exception {
    try (var gateway = TestGateway.start()) {
      HttpResponse<String> response =
          gateway.send(
              gateway.request(path).POST(HttpRequest.BodyPublishers.ofString("x")).build());

      assertThat(response.statusCode()).isEqualTo(405);
      assertThat(response.headers().firstValue("Allow")).hasValue("GET, HEAD");
    }
  }

  @Test
  void a_server_lists_its_clients() throws Exception {
    try (var gateway = TestGateway.start()) {
      InetAddress address = InetAddress.getByAddress(new byte[] {10, 0, 0, 7});
      Instant since = Instant.parse("2026-11-21T07:00:00Z");
      var peer =
          new PeerInfo(
              "alpha",
              "i-1",
              new InetSocketAddress(address, 50123),
              "1.2.3",
              2,
              Set.of("web", "all"),
              since);
      gateway.peers.connected =
          List.of(
              new Connected(
                  peer, Duration.ofNanos(1_500_000), 3, Instant.parse("2027-01-01T00:00:00Z")),
              new Connected(peer, null, 0, null));

      JsonNode clients = json(gateway.get("/__clients__"));

      assertThat(clients.size()).isEqualTo(2);
      assertThat(clients.get(0).toString())
          .isEqualTo(
              "{\"name\":\"alpha\",\"address\":\"10.0.0.7:50123\",\"since\":\"2026-11-21T07:00:00Z\","
                  + "\"instance\":\"i-1\",\"version\":\"1.2.3\",\"protocol\":2,"
                  + "\"groups\":[\"all\",\"web\"],\"roundTripMillis\":1.5,\"inFlight\":3,"
                  + "\"certificateExpires\":\"2027-01-01T00:00:00Z\"}");
      assertThat(clients.get(1).path("roundTripMillis").isNull()).isTrue();
    }
  }

  @Test
  void a_client_calls_its_server_and_lists_nobody() throws Exception {
    try (var gateway = TestGateway.start(setup -> setup.role = NodeStatus.Role.CLIENT)) {
      gateway.peers.reply(event -> Reply.of(0, "text/plain", Body.of("now")));

      assertThat(gateway.get("/server/time").body()).isEqualTo("now");
      assertThat(gateway.peers.names).containsExactly("server");
      assertThat(gateway.get("/__clients__").statusCode()).isEqualTo(404);
      assertThat(gateway.get("/__clients__").body()).contains("/server/NOUN");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/server/", "/server//p"})
  void a_server_can_be_called_without_a_noun(String path) throws Exception {
    try (var gateway = TestGateway.start(setup -> setup.role = NodeStatus.Role.CLIENT)) {
      gateway.peers.reply(event -> Reply.of(0, "", Body.empty()));

      assertThat(gateway.get(path).statusCode()).isEqualTo(200);
      assertThat(gateway.peers.onlyEvent().noun()).isEmpty();
    }
  }

  @Test
  void a_client_asks_for_other_clients_by_their_name() throws Exception {
    try (var gateway = TestGateway.start(setup -> setup.role = NodeStatus.Role.CLIENT)) {
      gateway.peers.reply(event -> Reply.of(0, "", Body.empty()));

      assertThat(gateway.get("/client/other/time").statusCode()).isEqualTo(200);
      assertThat(gateway.peers.onlyEvent().noun()).isEqualTo("time");
    }
  }

  private static JsonNode json(HttpResponse<String> response) {
    return JsonMapper.shared().readTree(response.body());
  }
}
