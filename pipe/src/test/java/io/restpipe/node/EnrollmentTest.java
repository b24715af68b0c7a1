package io.restpipe.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restpipe.event.Body;
import io.restpipe.event.Event;
import io.restpipe.event.Reply;
import io.restpipe.event.Verb;
import io.restpipe.security.CertificateRequest;
import io.restpipe.security.EnrollmentException;
import io.restpipe.security.EnrollmentException.Reason;
import io.restpipe.security.Identity;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.JoinLine;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PeerName;
import io.restpipe.security.Revoked;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEventKind;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Machines that join by a token, and clients that renew their certificate, over the pipe. */
@Timeout(90)
class EnrollmentTest {

  private final List<AutoCloseable> open = new ArrayList<>();
  private final Queue<SecurityEvent> events = new ConcurrentLinkedQueue<>();
  private final Queue<SecurityEvent> serverEvents = new ConcurrentLinkedQueue<>();

  @TempDir Path folder;

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  @Test
  void a_machine_joins_by_a_line_and_connects() throws Exception {
    var authority = new TestEnrollment(Duration.ofDays(1));
    ServerNode server = server(authority);
    JoinLine line = authority.line("localhost", server.address().getPort(), "fresh");

    Identity identity = ClientNode.join(line, Duration.ofSeconds(10));

    assertThat(PeerName.of(identity.certificate())).contains("fresh");
    client(server, ClientNode.builder(identity));
    assertThat(server.peer("fresh").get("$ping").get(5, TimeUnit.SECONDS).code()).isZero();
  }

  @Test
  void a_token_is_refused_with_the_reason() throws Exception {
    var authority = new TestEnrollment(Duration.ofDays(1));
    ServerNode server = server(authority);
    JoinLine line = authority.line("localhost", server.address().getPort(), "fresh");
    assertThat(ClientNode.join(line, Duration.ofSeconds(10))).isNotNull();

    assertThatThrownBy(() -> ClientNode.join(line, Duration.ofSeconds(10)))
        .isInstanceOfSatisfying(
            EnrollmentException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOKEN_UNKNOWN))
        .hasMessage("there is no such token");
  }

  @Test
  void a_server_of_another_authority_never_sees_the_token() throws Exception {
    var authority = new TestEnrollment(Duration.ofDays(1));
    var other = new TestEnrollment(Duration.ofDays(1));
    ServerNode server = server(other);
    JoinLine line = authority.line("localhost", server.address().getPort(), "fresh");
    other.names.put(line.token(), "caught");

    assertThatThrownBy(() -> ClientNode.join(line, Duration.ofSeconds(10)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not a server of the authority that made this token");

    assertThat(other.names).containsKey(line.token());
  }

  @Test
  void a_server_for_another_host_is_not_joined() throws Exception {
    var authority = new TestEnrollment(Duration.ofDays(1));
    ServerNode server = server(authority);
    JoinLine line = authority.line("127.0.0.1", server.address().getPort(), "fresh");

    assertThatThrownBy(() -> ClientNode.join(line, Duration.ofSeconds(10)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("its certificate is not for 127.0.0.1 (CN=hub)");
  }

  @Test
  void a_server_without_an_authority_lets_nobody_join() throws Exception {
    var authority = new TestEnrollment(Duration.ofDays(1));
    ServerNode server =
        ServerNode.builder(authority.identity(NodeRole.SERVER, "hub", "localhost"))
            .bind("127.0.0.1", 0)
            .start();
    open.add(server);
    JoinLine line = authority.line("localhost", server.address().getPort(), "fresh");

    assertThatThrownBy(() -> ClientNode.join(line, Duration.ofSeconds(10)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("lets nobody join");
  }

  @Test
  void what_does_not_answer_is_given_up() throws Exception {
    var authority = new TestEnrollment(Duration.ofDays(1));
    try (var silent = new ServerSocket(0)) {
      JoinLine line = authority.line("localhost", silent.getLocalPort(), "fresh");

      assertThatThrownBy(() -> ClientNode.join(line, Duration.ofSeconds(1)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no answer from localhost");
    }
  }

  @Test
  void bytes_that_are_no_request_are_answered_with_a_refusal() throws Exception {
    var authority = new TestEnrollment(Duration.ofDays(1));
    ServerNode server = server(authority);
    String line = authority.line("localhost", server.address().getPort(), "fresh").token();

    assertThat(ask(server, "[1, 2, 3]".getBytes(UTF_8)))
        .contains("\"refused\":\"request-malformed\"");
    assertThat(ask(server, new byte[] {1, 2, 3})).contains("\"refused\":\"request-malformed\"");
    assertThat(ask(server, ("{\"token\":\"" + line + "\",\"request\":\"AAAA\"}").getBytes(UTF_8)))
        .contains("\"refused\":\"request-malformed\"");
    assertThatThrownBy(() -> ask(server, new byte[100_000])).isInstanceOf(IOException.class);
    await(
        () ->
            serverEvents.stream()
                    .filter(told -> told.kind() == SecurityEventKind.FRAME_MALFORMED)
                    .filter(told -> told.address().orElseThrow().isLoopbackAddress())
                    .count()
                == 3);
  }

  @Test
  void a_client_renews_under_load_and_no_call_fails() throws Exception {
    var authority = new TestEnrollment(Duration.ofSeconds(9));
    ServerNode server = server(authority);
    IdentityFiles files = IdentityFiles.in(folder, NodeRole.CLIENT);
    files.write(authority.identity(NodeRole.CLIENT, "edge"));
    Identity first = files.load();
    ClientNode client = client(server, ClientNode.builder(first).identityFiles(files));
    var stop = new AtomicBoolean();
    var calls = new AtomicInteger();
    ExecutorService callers = Executors.newFixedThreadPool(4);
    open.add(callers::shutdownNow);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      boolean fromServer = i % 2 == 0;
      running.add(
          callers.submit(
              () -> {
                while (!stop.get()) {
                  var peer = fromServer ? server.peer("edge") : client.server();
                  assertThat(peer.get("$ping").get(10, TimeUnit.SECONDS).code()).isZero();
                  calls.incrementAndGet();
                }
                return null;
              }));
    }

    await(() -> authority.renewals.get() >= 2 && server.peers().connected().size() == 1);
    stop.set(true);

    for (Future<?> one : running) {
      one.get(15, TimeUnit.SECONDS);
    }
    assertThat(calls.get()).isPositive();
    Identity kept = files.load();
    assertThat(kept.certificate()).isNotEqualTo(first.certificate());
    assertThat(Identity.fits(kept.privateKey(), kept.certificate().getPublicKey())).isTrue();
    assertThat(kept.certificate().getPublicKey()).isNotEqualTo(first.certificate().getPublicKey());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.key())))
        .isEqualTo("rw-------");
    assertThat(events.stream().map(SecurityEvent::kind))
        .contains(SecurityEventKind.IDENTITY_RENEWED);
  }

  @Test
  void a_revoked_client_stops_to_ask() throws Exception {
    var authority = new TestEnrollment(Duration.ofSeconds(4));
    ServerNode server = server(authority);
    Queue<Identity> renewed = new ConcurrentLinkedQueue<>();
    Identity stolen = authority.identity(NodeRole.CLIENT, "stolen");
    authority.revoked.add(stolen.certificate());

    client(server, ClientNode.builder(stolen).renewed(renewed::add));
    await(() -> authority.asked.get() == 1);
    await(() -> stolen.certificate().getNotAfter().toInstant().isBefore(Instant.now()));

    assertThat(authority.asked).hasValue(1);
    assertThat(renewed).isEmpty();
  }

  @Test
  void only_who_holds_the_key_may_renew() throws Exception {
    var authority = new TestEnrollment(Duration.ofDays(1));
    ServerNode server = server(authority);
    ClientNode client =
        client(server, ClientNode.builder(authority.identity(NodeRole.CLIENT, "edge")));
    String request = Base64.getEncoder().encodeToString(CertificateRequest.make("edge").encoded());
    // What a caller of the client's gateway can send: events, but no signature with its key.
    Event event =
        Event.builder(Verb.POST, "$renew")
            .body(
                "application/json", Body.of("{\"request\":\"" + request + "\",\"proof\":\"AAAA\"}"))
            .build();

    Reply reply = client.server().exchange(event).get(5, TimeUnit.SECONDS);

    assertThat(reply.code()).isEqualTo(403);
    assertThat(reply.text()).contains("\"refused\":\"request-refused\"");
    assertThat(authority.asked).hasValue(0);
    await(
        () ->
            serverEvents.stream()
                .anyMatch(told -> told.kind() == SecurityEventKind.SIGNATURE_REFUSED));
  }

  @Test
  void a_revoked_client_is_found_by_the_authority_that_is_asked() throws Exception {
    var authority = new TestEnrollment(Duration.ofDays(1));
    Identity edge = authority.identity(NodeRole.CLIENT, "edge");
    ServerNode server =
        ServerNode.builder(authority.identity(NodeRole.SERVER, "hub", "localhost"))
            .bind("127.0.0.1", 0)
            .enrollment(authority)
            .revocations(
                chain ->
                    chain.stream()
                        .filter(authority.revoked::contains)
                        .map(one -> new Revoked(one, null, ""))
                        .findFirst())
            .start();
    open.add(server);
    client(server, ClientNode.builder(edge));

    authority.revoked.add(edge.certificate());
    server.reloadIdentity();

    await(() -> !server.peer("edge").connected());
  }

  private ServerNode server(TestEnrollment authority) throws Exception {
    ServerNode server =
        ServerNode.builder(authority.identity(NodeRole.SERVER, "hub", "localhost"))
            .bind("127.0.0.1", 0)
            .enrollment(authority)
            .securityLog(serverEvents::add)
            .start();
    open.add(server);
    return server;
  }

  private ClientNode client(ServerNode server, ClientNode.Builder builder) throws Exception {
    ClientNode client =
        builder.server("localhost", server.address().getPort()).securityLog(events::add).start();
    open.add(client);
    client.awaitConnected(Duration.ofSeconds(15));
    return client;
  }

  /** Sends one message as a machine that joins, whatever the server's certificate is. */
  private static String ask(ServerNode server, byte[] message) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anybody()}, null);
    try (var socket =
        (SSLSocket)
            context.getSocketFactory().createSocket("localhost", server.address().getPort())) {
      socket.setSoTimeout(15_000);
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"restpipe-join/1"});
      socket.setSSLParameters(parameters);
      var out = new DataOutputStream(socket.getOutputStream());
      out.writeInt(message.length);
      out.write(message);
      out.flush();
      var in = new DataInputStream(socket.getInputStream());
      return new String(in.readNBytes(in.readInt()), UTF_8);
    }
  }

  /** What is asked here is what the server does with bytes, not who it is. */
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

  private static void await(BooleanSupplier condition) {
    Awaitility.await().atMost(Duration.ofSeconds(40)).until(condition::getAsBoolean);
  }
}
