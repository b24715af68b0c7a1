package io.restpipe.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.restpipe.event.Body;
import io.restpipe.event.PeerInfo;
import io.restpipe.event.Reply;
import io.restpipe.event.Verb;
import io.restpipe.pipe.ClientListener;
import io.restpipe.pipe.PipeException;
import io.restpipe.pipe.ServerListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens to connections and calls when the network or a node goes away and comes back. */
@Timeout(60)
class ReconnectTest {

  private final List<AutoCloseable> open = new ArrayList<>();

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

  private ServerNode.Builder server(int port) {
    return ServerNode.builder(Certificates.server())
        .bind("127.0.0.1", port)
        .hardShutdownInterval(Duration.ofMillis(200));
  }

  private static ClientNode.Builder client(String name, int port) {
    return ClientNode.builder(Certificates.client(name))
        .server("127.0.0.1", port)
        .hardShutdownInterval(Duration.ofMillis(200));
  }

  private static int freePort() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static String text(CompletableFuture<Reply> reply) throws Exception {
    return reply.get(30, TimeUnit.SECONDS).text();
  }

  @Test
  void a_client_that_starts_first_finds_the_server_later() throws Exception {
    int port = freePort();
    var failed = new CountDownLatch(1);
    var success = new CopyOnWriteArrayList<Integer>();
    ClientNode client =
        opened(
            client("alpha", port)
                .listener(
                    new ClientListener() {
                      @Override
                      public void connectFail(
                          String cause, int retryAttempts, Instant lastDisconnected) {
                        failed.countDown();
                      }

                      @Override
                      public void connectSuccess(
                          PeerInfo server, int retryAttempts, Instant lastDisconnected) {
                        success.add(retryAttempts);
                      }
                    })
                .start());
    assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Reply> waiting = client.server().get("hi");

    opened(server(port).on(Verb.GET, "hi", (context, data) -> "hi").start());

    assertThat(text(waiting)).isEqualTo("\"hi\"");
    await().until(() -> !success.isEmpty());
    assertThat(success.get(0)).isPositive();
  }

  @Test
  void a_call_to_a_client_that_is_away_waits_for_it() throws Exception {
    ServerNode server = opened(server(0).start());
    int port = server.address().getPort();
    ClientNode first = client("alpha", port).on(Verb.GET, "hi", (context, data) -> 1).start();
    first.awaitConnected(Duration.ofSeconds(10));
    first.close();
    await().until(() -> server.peers().connected().isEmpty());

    CompletableFuture<Reply> waiting = server.peer("alpha").get("hi");
    opened(client("alpha", port).on(Verb.GET, "hi", (context, data) -> 2).start());

    assertThat(text(waiting)).isEqualTo("2");
  }

  @Test
  void a_known_client_that_stays_away_is_not_connected() throws Exception {
    ServerNode server = opened(server(0).peerWait(Duration.ofMillis(300)).start());
    ClientNode gone = client("alpha", server.address().getPort()).start();
    gone.awaitConnected(Duration.ofSeconds(10));
    gone.close();
    await().until(() -> server.peers().connected().isEmpty());

    assertThat(failure(server.peer("alpha").get("hi")).reason())
        .isEqualTo(PipeException.Reason.NOT_CONNECTED);
  }

  @Test
  void a_name_that_nobody_has_is_unknown() {
    ServerNode server =
        opened(
            server(0)
                .peerWait(Duration.ZERO)
                .resolver(
                    host -> {
                      throw new java.net.UnknownHostException(host);
                    })
                .start());

    assertThat(failure(server.peer("nobody").get("hi")).reason())
        .isEqualTo(PipeException.Reason.UNKNOWN_PEER);
  }

  @Test
  void a_server_that_restarts_remembers_whom_to_wait_for(@TempDir Path folder) throws Exception {
    Path names = folder.resolve("known");
    ServerNode first = server(0).knownClients(names).start();
    int port = first.address().getPort();
    ClientNode client = client("alpha", port).on(Verb.GET, "hi", (context, data) -> 1).start();
    client.awaitConnected(Duration.ofSeconds(10));
    await().until(() -> Files.exists(names));
    client.close();
    first.close();

    ServerNode second = opened(server(port).knownClients(names).start());
    CompletableFuture<Reply> waiting = second.peer("alpha").get("hi");
    opened(client("alpha", port).on(Verb.GET, "hi", (context, data) -> 2).start());

    assertThat(text(waiting)).isEqualTo("2");
  }

  private static PipeException failure(CompletableFuture<Reply> call) {
    Throwable thrown = catchThrowable(() -> call.get(30, TimeUnit.SECONDS));
    assertThat(thrown).hasCauseInstanceOf(PipeException.class);
    return (PipeException) thrown.getCause();
  }

  @Test
  void an_idempotent_call_survives_the_restart_of_the_server() throws Exception {
    var reached = new CountDownLatch(1);
    ServerNode first =
        server(0)
            .on(
                Verb.GET,
                "slow",
                (context, data) -> {
                  reached.countDown();
                  new CountDownLatch(1).await();
                  return "never";
                })
            .start();
    int port = first.address().getPort();
    ClientNode client = opened(client("alpha", port).start());
    CompletableFuture<Reply> call = client.server().get("slow");
    assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();

    first.close();
    opened(server(port).on(Verb.GET, "slow", (context, data) -> "second time").start());

    assertThat(text(call)).isEqualTo("\"second time\"");
  }

  @Test
  void a_post_to_a_server_that_restarted_is_not_run_twice() throws Exception {
    var reached = new CountDownLatch(1);
    ServerNode first =
        server(0)
            .on(
                Verb.POST,
                "pay",
                (context, data) -> {
                  reached.countDown();
                  new CountDownLatch(1).await();
                  return "never";
                })
            .start();
    int port = first.address().getPort();
    ClientNode client = opened(client("alpha", port).start());
    CompletableFuture<Reply> call = client.server().post("pay", "text/plain", Body.of("5"));
    assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();

    first.close();
    var runs = new AtomicInteger();
    opened(
        server(port)
            .on(Verb.POST, "pay", (context, data) -> runs.incrementAndGet())
            .on(Verb.GET, "hi", (context, data) -> "hi")
            .start());

    PipeException failure = failure(call);
    assertThat(failure.outcomeUnknown()).isTrue();
    assertThat(text(client.server().get("hi"))).isEqualTo("\"hi\"");
    assertThat(runs).hasValue(0);
  }

  @Test
  void a_post_over_a_broken_network_runs_once() throws Exception {
    var runs = new AtomicInteger();
    var reached = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    ServerNode server =
        opened(
            server(0)
                .on(
                    Verb.POST,
                    "pay",
                    (context, data) -> {
                      reached.countDown();
                      go.await();
                      return runs.incrementAndGet();
                    })
                .start());
    TcpProxy network = opened(new TcpProxy(server.address()));
    ClientNode client = opened(client("alpha", network.port()).start());
    CompletableFuture<Reply> call = client.server().post("pay", "text/plain", Body.of("5"));
    assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();

    network.cut();
    await().until(() -> server.peers().connected().size() == 1);
    go.countDown();

    assertThat(text(call)).isEqualTo("1");
    assertThat(runs).hasValue(1);
  }

  @Test
  void a_peer_that_falls_silent_is_found_dead_and_replaced() throws Exception {
    ServerNode server =
        opened(
            server(0)
                .heartbeatInterval(Duration.ofMillis(200))
                .on(Verb.GET, "hi", (context, data) -> "hi")
                .start());
    TcpProxy network = opened(new TcpProxy(server.address()));
    ClientNode client =
        opened(client("alpha", network.port()).heartbeatInterval(Duration.ofMillis(200)).start());
    client.awaitConnected(Duration.ofSeconds(10));

    network.hold();
    await().atMost(Duration.ofSeconds(5)).until(() -> server.peers().connected().isEmpty());
    await().atMost(Duration.ofSeconds(5)).until(() -> !client.server().connected());
    network.release();

    assertThat(text(client.server().get("hi"))).isEqualTo("\"hi\"");
  }

  @Test
  void a_full_server_lets_a_client_take_over_from_its_own_stale_connection() throws Exception {
    ServerNode server = opened(server(0).maxConnections(1).start());
    int port = server.address().getPort();
    TcpProxy network = opened(new TcpProxy(server.address()));
    ClientNode stale = opened(client("alpha", network.port()).instance("one").start());
    stale.awaitConnected(Duration.ofSeconds(10));
    network.hold();

    ClientNode back = opened(client("alpha", port).instance("one").start());

    back.awaitConnected(Duration.ofSeconds(10));
    await().until(() -> server.peers().connected().size() == 1);
    var refusal = new CompletableFuture<String>();
    opened(
        client("beta", port)
            .listener(
                new ClientListener() {
                  @Override
                  public void connectFail(
                      String cause, int retryAttempts, Instant lastDisconnected) {
                    refusal.complete(cause);
                  }
                })
            .start());
    assertThat(refusal.get(10, TimeUnit.SECONDS)).contains("as many connections as it may have");
  }

  @Test
  void another_machine_with_a_name_in_use_is_turned_away() throws Exception {
    ServerNode server = opened(server(0).heartbeatInterval(Duration.ofMillis(200)).start());
    int port = server.address().getPort();
    ClientNode holder = opened(client("alpha", port).instance("one").start());
    holder.awaitConnected(Duration.ofSeconds(10));
    var refusal = new CompletableFuture<String>();

    opened(
        client("alpha", port)
            .instance("two")
            .listener(
                new ClientListener() {
                  @Override
                  public void connectFail(
                      String cause, int retryAttempts, Instant lastDisconnected) {
                    refusal.complete(cause);
                  }
                })
            .start());

    assertThat(refusal.get(10, TimeUnit.SECONDS)).contains("NAME_TAKEN", "alpha", "in use");
    assertThat(server.peers().connected())
        .singleElement()
        .satisfies(one -> assertThat(one.peer().instance()).isEqualTo("one"));
  }

  @Test
  void machines_of_a_group_share_a_name() throws Exception {
    ServerNode server = opened(server(0).group("worker").start());
    int port = server.address().getPort();
    for (String instance : List.of("one", "two")) {
      opened(
              client("worker", port)
                  .instance(instance)
                  .on(Verb.GET, "who", (context, data) -> instance)
                  .start())
          .awaitConnected(Duration.ofSeconds(10));
    }

    assertThat(server.peers().connected()).hasSize(2);
    assertThat(text(server.peer("worker").get("who"))).isIn("\"one\"", "\"two\"");
  }

  @Test
  void listeners_hear_of_clients_in_order() throws Exception {
    var news = new CopyOnWriteArrayList<String>();
    ServerNode server =
        opened(
            server(0)
                .listener(
                    new ServerListener() {
                      @Override
                      public void connectionAdded(PeerInfo peer, int connections) {
                        news.add("+" + peer.name() + " " + connections);
                      }

                      @Override
                      public void connectionRemoved(PeerInfo peer, int connections) {
                        news.add("-" + peer.name() + " " + connections);
                      }
                    })
                .start());
    ClientNode client = client("alpha", server.address().getPort()).start();
    client.awaitConnected(Duration.ofSeconds(10));

    client.close();

    await().untilAsserted(() -> assertThat(news).containsExactly("+alpha 1", "-alpha 0"));
  }

  @Test
  void closing_a_node_finishes_what_runs() throws Exception {
    var reached = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    ServerNode server =
        ServerNode.builder(Certificates.server())
            .bind("127.0.0.1", 0)
            .on(
                Verb.GET,
                "slow",
                (context, data) -> {
                  reached.countDown();
                  go.await();
                  return "finished";
                })
            .start();
    ClientNode client = opened(client("alpha", server.address().getPort()).start());
    CompletableFuture<Reply> call = client.server().get("slow");
    assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();

    CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
    await().until(() -> !client.server().connected());
    go.countDown();

    assertThat(text(call)).isEqualTo("\"finished\"");
    closing.get(10, TimeUnit.SECONDS);
  }

  @Test
  void a_client_of_another_authority_is_refused_and_the_server_goes_on() throws Exception {
    ServerNode server = opened(server(0).on(Verb.GET, "hi", (context, data) -> "hi").start());
    int port = server.address().getPort();
    var refusal = new CompletableFuture<String>();
    opened(
        ClientNode.builder(Certificates.clientOfAnotherAuthority("mallory"))
            .server("127.0.0.1", port)
            .listener(
                new ClientListener() {
                  @Override
                  public void connectFail(
                      String cause, int retryAttempts, Instant lastDisconnected) {
                    refusal.complete(cause);
                  }
                })
            .start());

    assertThat(refusal.get(10, TimeUnit.SECONDS)).contains("certificate");
    ClientNode good = opened(client("alpha", port).start());
    assertThat(text(good.server().get("hi"))).isEqualTo("\"hi\"");
    assertThat(server.peers().connected()).hasSize(1);
  }

  @Test
  void many_clients_come_back_after_a_restart() throws Exception {
    int count = 50;
    ServerNode first = server(0).start();
    InetSocketAddress address = first.address();
    for (int i = 0; i < count; i++) {
      opened(client("client-" + i, address.getPort()).start());
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> first.peers().connected().size() == count);

    first.close();
    ServerNode second = opened(server(address.getPort()).start());

    await().atMost(Duration.ofSeconds(20)).until(() -> second.peers().connected().size() == count);
  }
}
