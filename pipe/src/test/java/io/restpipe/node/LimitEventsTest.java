package io.restpipe.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.restpipe.event.Reply;
import io.restpipe.pipe.internal.connection.ConnectionSettings;
import io.restpipe.pipe.internal.transport.Transport;
import io.restpipe.pipe.internal.wire.FrameWriter;
import io.restpipe.security.Identity;
import io.restpipe.security.NodeRole;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server tells its security log when its bounds are reached, by as many as it takes. */
@Timeout(90)
class LimitEventsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final List<AutoCloseable> open = new ArrayList<>();
  private final Queue<SecurityEvent> told = new ConcurrentLinkedQueue<>();

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

  private ServerNode server() throws Exception {
    return opened(
        ServerNode.builder(Certificates.server())
            .bind("127.0.0.1", 0)
            .hardShutdownInterval(Duration.ofMillis(200))
            .securityLog(told::add)
            .start());
  }

  private SecurityEvent first(SecurityEventKind kind) {
    await().atMost(PATIENCE).until(() -> told.stream().anyMatch(event -> event.kind() == kind));
    return told.stream().filter(event -> event.kind() == kind).findFirst().orElseThrow();
  }

  @Test
  void handshakes_at_once() throws Exception {
    ServerNode server = server();

    for (int i = 0; i <= 4_096; i++) {
      opened(new Socket("127.0.0.1", server.address().getPort()));
    }

    SecurityEvent limit = first(SecurityEventKind.LIMIT_HIT);
    assertThat(limit.fields()).containsEntry(Field.LIMIT, "4096 handshakes at once");
    assertThat(limit.address().orElseThrow().isLoopbackAddress()).isTrue();
  }

  /** All in one, for they take their time together: ten seconds, and twenty to join. */
  @Test
  void those_who_connect_and_say_nothing() throws Exception {
    var authority = new TestEnrollment(Duration.ofDays(1));
    Identity hub = authority.identity(NodeRole.SERVER, "hub", "localhost");
    ServerNode server =
        opened(
            ServerNode.builder(hub)
                .bind("127.0.0.1", 0)
                .enrollment(authority)
                .securityLog(told::add)
                .start());

    opened(new Socket("127.0.0.1", server.address().getPort()));
    opened(new RawClient(server.address(), authority.identity(NodeRole.CLIENT, "alpha"), hub));
    for (int i = 0; i <= 64; i++) {
      opened(joining(server)).startHandshake();
    }

    assertThat(first(SecurityEventKind.LIMIT_HIT).fields())
        .containsEntry(Field.LIMIT, "64 machines that join at once");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(told)
                    .filteredOn(event -> "20 seconds to join".equals(limit(event)))
                    .hasSize(64));
    assertThat(told)
        .filteredOn(event -> event.kind() == SecurityEventKind.HANDSHAKE_REFUSED)
        .extracting(event -> event.fields().get(Field.PEER), event -> reason(event))
        .containsExactlyInAnyOrder(
            tuple(null, "client did not finish the TLS handshake within 10 s"),
            tuple("alpha", "no HELLO within 10000 ms"));
  }

  private static String reason(SecurityEvent event) {
    return event.fields().get(Field.REASON);
  }

  private static String limit(SecurityEvent event) {
    return event.fields().get(Field.LIMIT);
  }

  private static SSLSocket joining(ServerNode server) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anybody()}, null);
    var socket =
        (SSLSocket)
            context.getSocketFactory().createSocket("localhost", server.address().getPort());
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"restpipe-join/1"});
    socket.setSSLParameters(parameters);
    return socket;
  }

  @Test
  void events_that_wait_for_a_peer() throws Exception {
    ServerNode server = server();
    try (ClientNode client =
        ClientNode.builder(Certificates.client("alpha"))
            .server("127.0.0.1", server.address().getPort())
            .hardShutdownInterval(Duration.ofMillis(200))
            .start()) {
      client.awaitConnected(PATIENCE);
    }
    first(SecurityEventKind.PEER_DISCONNECTED);

    List<CompletableFuture<Reply>> waiting = new ArrayList<>();
    for (int i = 0; i <= 10_000; i++) {
      waiting.add(server.peer("alpha").get("$ping").toCompletableFuture());
    }

    assertThat(first(SecurityEventKind.LIMIT_HIT).fields())
        .containsEntry(Field.LIMIT, "10000 events wait for peers that are not connected");
    assertThat(waiting.get(10_000)).isCompletedExceptionally();
  }

  @Test
  void events_that_wait_for_a_peer_to_have_room() throws Exception {
    ServerNode server = server();
    RawClient busy =
        opened(
            new RawClient(server.address(), Certificates.client("alpha"), Certificates.server()));
    busy.write(
        out ->
            FrameWriter.hello(
                out,
                ConnectionSettings.defaults()
                    .withMaxStreams(1)
                    .hello("raw", 1, "test", List.of(), Map.of(), List.of())));
    first(SecurityEventKind.PEER_CONNECTED);

    int most = ConnectionSettings.defaults().maxWaiting();
    for (int i = 0; i < most + 2; i++) {
      server.peer("alpha").get("$ping");
    }

    SecurityEvent limit = first(SecurityEventKind.LIMIT_HIT);
    assertThat(limit.fields())
        .containsEntry(Field.PEER, "alpha")
        .containsEntry(Field.LIMIT, most + " events wait for the peer to have room");
  }

  @Test
  void requests_to_join_when_no_thread_is_free() throws Exception {
    var authority = new TestEnrollment(Duration.ofDays(1));
    ServerNode server =
        opened(
            ServerNode.builder(authority.identity(NodeRole.SERVER, "hub", "localhost"))
                .bind("127.0.0.1", 0)
                .enrollment(authority)
                .securityLog(told::add)
                .start());
    var done = new CountDownLatch(1);
    Transport transport = Transport.acquire();
    try {
      fill(transport.blocking(), done);
      try (SSLSocket machine = joining(server)) {
        machine.setSoTimeout((int) PATIENCE.toMillis());
        machine.getOutputStream().write(new byte[] {0, 0, 0, 2, '{', '}'});
        String answer = new String(machine.getInputStream().readAllBytes(), UTF_8);
        assertThat(answer).contains("too-many-requests");
      }
    } finally {
      done.countDown();
      transport.release();
    }

    assertThat(first(SecurityEventKind.LIMIT_HIT).fields())
        .containsEntry(Field.LIMIT, "requests to join that wait for a thread");
  }

  private static void fill(Executor threads, CountDownLatch done) {
    try {
      for (int i = 0; i < 1_000_000; i++) {
        threads.execute(
            () -> {
              try {
                done.await();
              } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
              }
            });
      }
      throw new AssertionError("threads have no bound");
    } catch (RejectedExecutionException full) {
      // As it should be.
    }
  }

  /** What is asked here is what the server bears, not who it is. */
  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
