package io.restpipe.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.restpipe.event.Headers;
import io.restpipe.event.Verb;
import io.restpipe.pipe.internal.connection.ConnectionSettings;
import io.restpipe.pipe.internal.wire.EventHead;
import io.restpipe.pipe.internal.wire.FrameWriter;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What nodes tell their security log, seen through real connections. */
@Timeout(60)
class SecurityEventsTest {

  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<SecurityEvent> told = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <T extends AutoCloseable> T opened(T one) {
    open.add(one);
    return one;
  }

  private ServerNode.Builder server() {
    return ServerNode.builder(Certificates.server())
        .bind("127.0.0.1", 0)
        .hardShutdownInterval(Duration.ofMillis(200))
        .securityLog(told::add);
  }

  private static ClientNode.Builder client(String name, ServerNode server) {
    return ClientNode.builder(Certificates.client(name))
        .server("127.0.0.1", server.address().getPort())
        .hardShutdownInterval(Duration.ofMillis(200));
  }

  private SecurityEvent first(SecurityEventKind kind) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> told.stream().anyMatch(event -> event.kind() == kind));
    return told.stream().filter(event -> event.kind() == kind).findFirst().orElseThrow();
  }

  private RawClient greeted(ServerNode server) throws Exception {
    RawClient raw =
        opened(
            new RawClient(server.address(), Certificates.client("alpha"), Certificates.server()));
    raw.write(
        out ->
            FrameWriter.hello(
                out,
                ConnectionSettings.defaults()
                    .hello("raw", 1, "test", List.of(), Map.of(), List.of())));
    raw.read();
    return raw;
  }

  @Test
  void tells_of_start_and_stop() throws Exception {
    ServerNode server = server().gateway("127.0.0.1:0").start();
    SecurityEvent started = first(SecurityEventKind.NODE_STARTED);

    server.close();

    assertThat(started.fields().get(Field.MESSAGE))
        .isEqualTo(
            "server, pipe 127.0.0.1:%d, gateway %s"
                .formatted(server.address().getPort(), server.gatewayAddress().orElseThrow()));
    assertThat(told.get(told.size() - 1).kind()).isEqualTo(SecurityEventKind.NODE_STOPPED);
  }

  /** The end is told on the connection's loop, while the node stops on another thread. */
  @RepeatedTest(30)
  void tells_of_every_end_before_it_stops() throws Exception {
    try (ServerNode server = server().start();
        RawClient raw = greeted(server)) {
      first(SecurityEventKind.PEER_CONNECTED);
      raw.close();
    }

    assertThat(told)
        .extracting(SecurityEvent::kind)
        .containsExactly(
            SecurityEventKind.NODE_STARTED,
            SecurityEventKind.PEER_CONNECTED,
            SecurityEventKind.PEER_DISCONNECTED,
            SecurityEventKind.NODE_STOPPED);
  }

  @Test
  void tells_of_clients_that_come_and_go() throws Exception {
    ServerNode server = opened(server().start());
    var clients = new CopyOnWriteArrayList<SecurityEvent>();
    ClientNode client = client("alpha", server).instance("one").securityLog(clients::add).start();
    SecurityEvent connected = first(SecurityEventKind.PEER_CONNECTED);
    client.close();
    SecurityEvent gone = first(SecurityEventKind.PEER_DISCONNECTED);

    assertThat(connected.fields())
        .containsEntry(Field.PEER, "alpha")
        .containsEntry(Field.MESSAGE, "instance one, software restpipe-java/development");
    assertThat(connected.address().orElseThrow().isLoopbackAddress()).isTrue();
    assertThat(connected.port()).isPositive();
    assertThat(gone.fields())
        .containsEntry(Field.PEER, "alpha")
        .containsEntry(Field.REASON, "the peer says DRAINING: the client is shutting down");
    assertThat(clients)
        .extracting(SecurityEvent::kind)
        .containsExactly(
            SecurityEventKind.NODE_STARTED,
            SecurityEventKind.PEER_CONNECTED,
            SecurityEventKind.PEER_DISCONNECTED,
            SecurityEventKind.NODE_STOPPED);
  }

  @Test
  void tells_who_was_refused_and_why() throws Exception {
    ServerNode server = opened(server().start());

    catchThrowable(
        () -> opened(new RawClient(server.address(), null, Certificates.server())).read());

    SecurityEvent refused = first(SecurityEventKind.HANDSHAKE_REFUSED);
    assertThat(refused.fields()).containsEntry(Field.REASON, "client sent no certificate");
    assertThat(refused.address().orElseThrow().isLoopbackAddress()).isTrue();
    told.clear();
    catchThrowable(
        () ->
            opened(
                    new RawClient(
                        server.address(),
                        Certificates.clientOfAnotherAuthority("mallory"),
                        Certificates.server()))
                .read());
    assertThat(first(SecurityEventKind.HANDSHAKE_REFUSED).fields().get(Field.REASON))
        .contains("client certificate", "CN=mallory");
  }

  @Test
  void a_client_tells_of_a_server_that_it_does_not_trust() throws Exception {
    ServerNode server = opened(server().start());
    var clients = new CopyOnWriteArrayList<SecurityEvent>();
    opened(
        ClientNode.builder(Certificates.clientOfAnotherAuthority("alpha"))
            .server("127.0.0.1", server.address().getPort())
            .securityLog(clients::add)
            .start());

    await()
        .until(
            () -> clients.stream().anyMatch(e -> e.kind() == SecurityEventKind.HANDSHAKE_REFUSED));

    assertThat(clients.get(1).fields().get(Field.REASON)).contains("server certificate");
  }

  @Test
  void tells_of_a_machine_that_wants_a_name_in_use() throws Exception {
    ServerNode server = opened(server().heartbeatInterval(Duration.ofMillis(200)).start());
    opened(client("alpha", server).instance("one").start()).awaitConnected(Duration.ofSeconds(10));

    opened(client("alpha", server).instance("two").start());

    assertThat(first(SecurityEventKind.HANDSHAKE_REFUSED).fields())
        .containsEntry(Field.PEER, "alpha")
        .containsEntry(Field.REASON, "the name is in use by another machine");
  }

  @Test
  void a_client_that_comes_back_takes_the_place_of_its_old_connection() throws Exception {
    ServerNode server = opened(server().start());
    greeted(server);
    RawClient again =
        opened(
            new RawClient(server.address(), Certificates.client("alpha"), Certificates.server()));

    again.write(
        out ->
            FrameWriter.hello(
                out,
                ConnectionSettings.defaults()
                    .hello("raw", 2, "test", List.of(), Map.of(), List.of())));

    assertThat(first(SecurityEventKind.PEER_REPLACED).fields())
        .containsEntry(Field.PEER, "alpha")
        .containsEntry(Field.REASON, "a newer connection of the same process");
  }

  @Test
  void tells_of_bytes_that_are_no_frame() throws Exception {
    ServerNode server = opened(server().start());
    RawClient raw = greeted(server);

    raw.write(out -> out.writeByte(0x7f).writeByte(0).writeInt(3).writeInt(0).writeMedium(1));

    SecurityEvent malformed = first(SecurityEventKind.FRAME_MALFORMED);
    assertThat(malformed.fields()).containsEntry(Field.PEER, "alpha").containsKey(Field.REASON);
  }

  @Test
  void tells_of_streams_beyond_the_bound() throws Exception {
    var never = new CountDownLatch(1);
    ServerNode server = opened(waiting(never));
    RawClient raw = greeted(server);
    int most = ConnectionSettings.defaults().maxStreams();

    raw.write(
        out -> {
          for (int i = 0; i <= most; i++) {
            event(out, 2 * i + 1);
          }
        });

    assertThat(first(SecurityEventKind.LIMIT_HIT).fields())
        .containsEntry(Field.LIMIT, "more than " + most + " streams are open");
    never.countDown();
  }

  @Test
  void tells_of_bytes_beyond_the_credit() throws Exception {
    var never = new CountDownLatch(1);
    ServerNode server = opened(waiting(never));
    RawClient raw = greeted(server);

    raw.write(
        out -> {
          event(out, 1);
          for (int i = 0; i < 100; i++) {
            FrameWriter.dataHeader(out, 1, 16_000, false);
            out.writeZero(16_000);
          }
        });
    assertThat(first(SecurityEventKind.LIMIT_HIT).fields().get(Field.LIMIT))
        .contains("exceeds the credit");
    never.countDown();
  }

  private ServerNode waiting(CountDownLatch until) {
    return server()
        .on(
            Verb.POST,
            "wait",
            (context, data) -> {
              until.await(30, TimeUnit.SECONDS);
              return "late";
            })
        .start();
  }

  private static void event(ByteBuf out, int stream) {
    FrameWriter.event(
        out,
        stream,
        new EventHead(
            "event-" + stream,
            Verb.POST,
            "wait",
            List.of(),
            "",
            Headers.empty(),
            "",
            -1,
            20_000,
            false),
        false);
  }

  @Test
  void tells_of_clients_beyond_the_bound() throws Exception {
    ServerNode server = opened(server().maxConnections(1).start());
    opened(client("alpha", server).start()).awaitConnected(Duration.ofSeconds(10));

    opened(client("beta", server).start());

    assertThat(first(SecurityEventKind.LIMIT_HIT).fields())
        .containsEntry(Field.PEER, "beta")
        .containsEntry(Field.LIMIT, "1 connections");
  }

  @Test
  void tells_of_requests_that_the_gateway_refuses() throws Exception {
    ServerNode server = opened(server().gateway("127.0.0.1:0").start());
    String gateway = server.gatewayAddress().orElseThrow();
    HttpClient http = HttpClient.newHttpClient();

    http.send(
        HttpRequest.newBuilder(URI.create(gateway + "/client/alpha/time"))
            .header("Sec-Fetch-Site", "cross-site")
            .header("User-Agent", "evil/1")
            .build(),
        BodyHandlers.ofString());
    http.send(
        HttpRequest.newBuilder(URI.create(gateway + "/client/alpha/" + "x".repeat(9_000))).build(),
        BodyHandlers.ofString());

    SecurityEvent denied = first(SecurityEventKind.ACCESS_DENIED);
    assertThat(denied.fields())
        .containsEntry(Field.REASON, "cross-site")
        .containsEntry(Field.METHOD, "GET")
        .containsEntry(Field.PATH, "/client/alpha/time")
        .containsEntry(Field.USER_AGENT, "evil/1");
    assertThat(denied.address().orElseThrow().isLoopbackAddress()).isTrue();
    assertThat(first(SecurityEventKind.LIMIT_HIT).fields())
        .containsEntry(Field.REASON, "target-too-long");
  }

  @Test
  void a_security_log_that_hangs_holds_nobody_up() throws Exception {
    var hang = new CountDownLatch(1);
    ServerNode server =
        opened(
            server()
                .on(Verb.GET, "hi", (context, data) -> "hi")
                .securityLog(
                    event -> {
                      try {
                        hang.await();
                      } catch (InterruptedException given) {
                        Thread.currentThread().interrupt();
                      }
                    })
                .start());

    ClientNode client = opened(client("alpha", server).start());
    client.awaitConnected(Duration.ofSeconds(10));

    assertThat(client.server().get("hi").get(10, TimeUnit.SECONDS).text()).isEqualTo("\"hi\"");
    hang.countDown();
  }
}
