package io.restpipe.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.event.Body;
import io.restpipe.event.ClientEventHandler;
import io.restpipe.event.PeerInfo;
import io.restpipe.event.Response;
import io.restpipe.node.V1Peer.Answer;
import io.restpipe.node.V1Peer.Frame;
import io.restpipe.pipe.ClientListener;
import io.restpipe.security.Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client of this version on servers of version 1. */
@Timeout(60)
class V1ServersTest {

  private static final V1Peer.Handler TIME_AND_ECHO =
      (verb, noun, mimeType, data) ->
          switch (verb + " " + noun) {
            case "get time" ->
                Answer.of("application/json", 0, "{\"time_from_server\": 1402897823.882672}");
            case "get cat//hello /world" ->
                Answer.of("application/json", 0, "{\"result_from_server\": \"hello world\"}");
            case "post echo" -> new Answer(mimeType, 0, data);
            default -> Answer.of("text/plain", 255, "");
          };

  private final List<AutoCloseable> open = new ArrayList<>();
  private final News news = new News();

  /** What the client offers. */
  public static final class ClientSide extends ClientEventHandler {

    public Map<String, Object> getTime() {
      return Map.of("time_from_client", 1402897843.879908);
    }

    public Response getFail() {
      throw new IllegalStateException("no luck");
    }
  }

  /** What the client says of its connections. */
  private static final class News implements ClientListener {

    private final BlockingQueue<PeerInfo> connected = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> failed = new LinkedBlockingQueue<>();

    @Override
    public void connectSuccess(PeerInfo server, int attempts, @Nullable Instant lastDisconnected) {
      connected.add(server);
    }

    @Override
    public void connectFail(String cause, int attempts, @Nullable Instant lastDisconnected) {
      failed.add(cause);
    }
  }

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

  private V1Peer.Server server() throws Exception {
    return opened(new V1Peer.Server(Certificates.server(), TIME_AND_ECHO));
  }

  private ClientNode.Builder builder(int port) {
    return ClientNode.builder(Certificates.client("new"))
        .server("127.0.0.1", port)
        .handler(new ClientSide())
        .listener(news)
        .hardShutdownInterval(Duration.ofMillis(200));
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing heard for 20 s");
    }
    return next;
  }

  private static String get(ClientNode client, String path) throws Exception {
    return client.server().get(path).get(20, TimeUnit.SECONDS).text();
  }

  @Test
  void time_and_cat_go_both_ways() throws Exception {
    V1Peer.Server server = server();
    ClientNode client = opened(builder(server.port()).start());
    V1Peer peer = opened(server.accept());

    assertThat(next(news.connected).protocol()).isEqualTo(1);
    assertThat(get(client, "time")).isEqualTo("{\"time_from_server\": 1402897823.882672}");
    assertThat(get(client, "cat//hello%20/world"))
        .isEqualTo("{\"result_from_server\": \"hello world\"}");
    byte[] binary = {0, (byte) 0x80, (byte) 0xff, 10};
    assertThat(
            client
                .server()
                .post("echo", "application/octet-stream", Body.of(binary))
                .get(20, TimeUnit.SECONDS)
                .bytes())
        .isEqualTo(binary);

    Frame time = peer.ask("get", "time", "", new byte[0]);
    assertThat(time.fields().text(4)).isEqualTo("{\"time_from_client\":1.402897843879908E9}");
    assertThat(peer.ask("get", "fail", "", new byte[0]).fields().text(4)).contains("no luck");
    assertThat(peer.ask("get", "nothing", "", new byte[0]).fields().text(3)).isEqualTo("255");
  }

  @Test
  void heartbeats_go_on_and_one_that_is_not_answered_ends_the_connection() throws Exception {
    V1Peer.Server server = server();
    opened(
        builder(server.port())
            .heartbeatInterval(Duration.ofMillis(100))
            .heartbeatTimeout(Duration.ofMillis(400))
            .start());
    V1Peer peer = opened(server.accept());
    next(news.connected);

    Awaitility.await().until(() -> peer.answered.get() >= 8);
    assertThat(peer.ended()).isFalse();
    peer.alive = false;
    peer.awaitEnd();

    opened(server.accept());
    next(news.connected);
  }

  @Test
  void it_comes_back_and_finds_a_server_of_this_version_in_its_place() throws Exception {
    V1Peer.Server old = new V1Peer.Server(Certificates.server(), TIME_AND_ECHO);
    int port = old.port();
    ClientNode client = opened(builder(port).start());
    V1Peer first = old.accept();
    assertThat(next(news.connected).protocol()).isEqualTo(1);
    first.close();
    V1Peer second = old.accept();
    assertThat(next(news.connected).protocol()).isEqualTo(1);
    assertThat(get(client, "time")).contains("time_from_server");

    old.close();
    second.close();
    opened(ServerNode.builder(Certificates.server()).bind("127.0.0.1", port).start());

    assertThat(next(news.connected).protocol()).isEqualTo(2);
    assertThat(get(client, "$ping")).isNotEmpty();
  }

  @Test
  void version_1_can_be_forced_even_on_a_server_of_this_version() throws Exception {
    ServerNode server =
        opened(ServerNode.builder(Certificates.server()).bind("127.0.0.1", 0).start());
    ClientNode client =
        opened(builder(server.address().getPort()).protocol(ClientProtocol.V1).start());

    assertThat(next(news.connected).protocol()).isEqualTo(1);
    assertThat(server.peer("new").get("time").get(20, TimeUnit.SECONDS).text())
        .contains("time_from_client");
    assertThat(get(client, "$ping")).isNotEmpty();
  }

  @Test
  void a_client_of_version_2_only_refuses_an_old_server() throws Exception {
    V1Peer.Server server = server();
    opened(builder(server.port()).protocol(ClientProtocol.V2).start());
    opened(server.accept());

    assertThat(next(news.failed)).contains("speaks no protocol by name (ALPN), not restpipe/2");
    assertThat(news.connected).isEmpty();
  }

  @Test
  void a_server_that_closes_at_once_may_be_serving_another_client() throws Exception {
    V1Peer.Server server = server();
    try (var log = new CapturedLines("io.restpipe.node")) {
      opened(builder(server.port()).start());
      server.accept().close();
      opened(server.accept());
      next(news.connected);
      next(news.connected);

      assertThat(log.contains("serves one client at a time")).isTrue();
      assertThat(log.contains("is another one connected to it?")).isTrue();
    }
  }

  @Test
  void a_certificate_without_a_host_name_is_refused_with_the_remedy() throws Exception {
    Path files = Path.of("src/test/resources/identities");
    Identity named =
        Identity.load(
            files.resolve("v1.key.pem"),
            files.resolve("v1.crt.pem"),
            files.resolve("rsa-ca.crt.pem"));
    V1Peer.Server server = opened(new V1Peer.Server(named, TIME_AND_ECHO));
    var plain = ClientNode.builder(named).server("127.0.0.1", server.port()).listener(news);
    acceptAll(server);
    try (ClientNode refusing = plain.start()) {
      assertThat(next(news.failed))
          .contains(
              "server certificate is not for 127.0.0.1 (CN=v1,O=RestPipe, for no host by name or address)")
          .contains("RP_CLIENT_SERVER_NAME");
      assertThat(refusing.server().connected()).isFalse();
    }

    try (ClientNode byName = plain.serverName("v1").start()) {
      assertThat(next(news.connected).name()).isEqualTo("v1");
      assertThat(get(byName, "time")).contains("time_from_server");
    }
    try (ClientNode byAuthority = plain.serverName("else").verifyServerName(false).start()) {
      assertThat(next(news.connected).name()).isEqualTo("v1");
      assertThat(get(byAuthority, "time")).contains("time_from_server");
    }
  }

  /** Those that refuse the server end their handshakes. */
  private void acceptAll(V1Peer.Server server) {
    var accepting =
        new Thread(
            () -> {
              while (!server.closed()) {
                try {
                  server.accept();
                } catch (IOException refused) {
                  // As it is to be.
                }
              }
            });
    accepting.setDaemon(true);
    accepting.start();
  }

  @Test
  void a_reply_that_is_not_text_and_one_that_never_comes_hurt_nobody() throws Exception {
    V1Peer.Server server =
        opened(
            new V1Peer.Server(
                Certificates.server(),
                (verb, noun, mimeType, data) ->
                    noun.equals("never")
                        ? null
                        : new Answer("text/plain", 0, new byte[] {(byte) 0xe9})));
    ClientNode client = opened(builder(server.port()).eventTimeout(Duration.ofSeconds(1)).start());
    opened(server.accept());
    next(news.connected);

    assertThat(client.server().get("latin").get(20, TimeUnit.SECONDS).bytes())
        .containsExactly(0xe9);
    assertThat(client.server().get("never")).failsWithin(Duration.ofSeconds(20));
  }
}
