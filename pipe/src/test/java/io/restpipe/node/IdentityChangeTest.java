package io.restpipe.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.auth.identity.Issuance;
import io.restpipe.event.Reply;
import io.restpipe.event.ServerEventHandler;
import io.restpipe.pipe.ClientListener;
import io.restpipe.pipe.Connected;
import io.restpipe.security.Identity;
import io.restpipe.security.IdentityException;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.NodeRole;
import io.restpipe.security.Revoked;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEventKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Identities that change, expire or are revoked while nodes are connected. */
@Timeout(60)
class IdentityChangeTest {

  private static final CertificateAuthority AUTHORITY = CertificateAuthority.inMemory("change CA");
  private static final CertificateAuthority SUCCESSOR = CertificateAuthority.inMemory("next CA");

  private final List<AutoCloseable> open = new ArrayList<>();
  private final Queue<SecurityEvent> events = new ConcurrentLinkedQueue<>();

  @TempDir Path folder;

  public static final class Slow extends ServerEventHandler {
    /** Under way for as long as connections take to change. */
    public CompletionStage<String> getSlow() {
      return CompletableFuture.supplyAsync(
          () -> "done", CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
    }
  }

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  @Test
  void a_client_moves_to_its_new_certificate_and_no_call_fails() throws Exception {
    ServerNode server = server(serverOf(AUTHORITY), builder -> {});
    ClientNode client = client(server, AUTHORITY.identity("edge", NodeRole.CLIENT), null);
    var stop = new AtomicBoolean();
    var calls = new AtomicInteger();
    ExecutorService callers = Executors.newFixedThreadPool(6);
    open.add(callers::shutdownNow);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      boolean fromServer = i % 2 == 0;
      running.add(
          callers.submit(
              () -> {
                while (!stop.get()) {
                  Reply reply =
                      (fromServer ? server.peer("edge").get("$ping") : client.server().get("slow"))
                          .get(10, TimeUnit.SECONDS);
                  assertThat(reply.code()).isZero();
                  calls.incrementAndGet();
                }
                return null;
              }));
    }

    for (int round = 1; round <= 5; round++) {
      Instant end = Instant.parse("2040-01-01T00:00:00Z").plusSeconds(round);
      client.identity(
          AUTHORITY.identity(Issuance.client("edge").valid(Instant.now().minusSeconds(60), end)));
      await(() -> expiries(server).equals(Set.of(end)));
    }
    int before = calls.get();
    await(() -> calls.get() > before + 20);
    stop.set(true);

    for (Future<?> one : running) {
      one.get(15, TimeUnit.SECONDS);
    }
    assertThat(server.peers().connected()).hasSize(1);
  }

  @Test
  void a_server_shows_its_new_certificate_to_new_connections_only() throws Exception {
    Identity first = serverOf(AUTHORITY);
    Identity second = serverOf(AUTHORITY);
    ServerNode server = server(first, builder -> {});
    Identity edge = AUTHORITY.identity("edge", NodeRole.CLIENT);
    ClientNode client = client(server, edge, null);
    String since = server.peers().connected().get(0).peer().since().toString();

    server.identity(second);

    assertThat(shown(server, edge)).isEqualTo(second.certificate());
    assertThat(client.server().get("slow").get(5, TimeUnit.SECONDS).code()).isZero();
    assertThat(server.peers().connected().get(0).peer().since()).hasToString(since);
  }

  @Test
  void an_identity_that_does_not_fit_changes_nothing() throws Exception {
    ServerNode server = server(serverOf(AUTHORITY), builder -> {});
    Identity before = server.identity();

    assertThatThrownBy(() -> server.identity(AUTHORITY.identity("hub", NodeRole.CLIENT)))
        .isInstanceOf(IdentityException.class)
        .hasMessage("certificate is for client use only (CN=hub)");
    assertThatThrownBy(() -> server.identity(AUTHORITY.identity("other", NodeRole.SERVER)))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("a node takes another name only when it is started again");

    assertThat(server.identity()).isSameAs(before);
  }

  @Test
  void a_revoked_client_is_cut_off_and_cannot_come_back() throws Exception {
    Set<X509Certificate> revoked = ConcurrentHashMap.newKeySet();
    ServerNode server =
        server(
            serverOf(AUTHORITY),
            builder ->
                builder.revocations(
                    chain ->
                        chain.stream()
                            .filter(revoked::contains)
                            .map(one -> new Revoked(one, Instant.now(), "keyCompromise"))
                            .findFirst()));
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    Identity stolen = AUTHORITY.identity("stolen", NodeRole.CLIENT);
    ClientNode client = client(server, stolen, failures);
    ClientNode other = client(server, AUTHORITY.identity("other", NodeRole.CLIENT), null);

    revoked.add(stolen.certificate());
    assertThat(server.reloadIdentity()).isTrue();

    await(() -> !server.peer("stolen").connected());
    assertThatThrownBy(() -> shown(server, stolen)).isInstanceOf(IOException.class);
    assertThat(other.server().get("slow").get(5, TimeUnit.SECONDS).code()).isZero();
    await(() -> kinds().contains(SecurityEventKind.IDENTITY_REVOKED));
    SecurityEvent event =
        events.stream()
            .filter(one -> one.kind() == SecurityEventKind.IDENTITY_REVOKED)
            .findFirst()
            .orElseThrow();
    assertThat(event.fields())
        .containsEntry(SecurityEvent.Field.PEER, "stolen")
        .containsEntry(SecurityEvent.Field.SERIAL, Revoked.serial(stolen.certificate()));
    // It tries again after 15 seconds or so; with a good certificate it comes back at once.
    client.identity(AUTHORITY.identity("stolen", NodeRole.CLIENT));
    await(() -> server.peer("stolen").connected());
  }

  @Test
  void a_client_whose_certificate_expires_is_told_so_and_stays_out() throws Exception {
    ServerNode server = server(serverOf(AUTHORITY), builder -> {});
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(3);
    client(
        server,
        AUTHORITY.identity(Issuance.client("brief").valid(Instant.now().minusSeconds(60), end)),
        failures);

    await(() -> !server.peer("brief").connected());

    assertThat(Instant.now()).isAfter(end);
    await(() -> !failures.isEmpty());
    assertThat(failures.peek()).contains("server refuses our certificate");
  }

  @Test
  void both_authorities_are_trusted_while_one_takes_over_from_the_other() throws Exception {
    ServerNode server = server(serverOf(AUTHORITY), builder -> {});
    Identity oldEdge = AUTHORITY.identity("edge", NodeRole.CLIENT);
    ClientNode client = client(server, oldEdge, null);

    // 1. All trust both. 2. The server gets a certificate of the next one. 3. The clients do.
    server.identity(trustingBoth(server.identity()));
    client.identity(trustingBoth(oldEdge));
    server.identity(trustingBoth(serverOf(SUCCESSOR)));
    Identity newEdge = SUCCESSOR.identity("edge", NodeRole.CLIENT);
    client.identity(trustingBoth(newEdge));
    await(() -> expiries(server).equals(Set.of(expiry(newEdge))));
    assertThat(client.server().get("slow").get(5, TimeUnit.SECONDS).code()).isZero();
    ClientNode late =
        client(server, trustingBoth(AUTHORITY.identity("late", NodeRole.CLIENT)), null);
    assertThat(late.server().get("slow").get(5, TimeUnit.SECONDS).code()).isZero();

    // 4. The old authority is trusted no more.
    server.identity(serverOf(SUCCESSOR));
    assertThatThrownBy(() -> shown(server, trustingBoth(oldEdge))).isInstanceOf(IOException.class);
    assertThat(shown(server, newEdge)).isEqualTo(server.identity().certificate());
  }

  @Test
  void a_server_follows_its_files_and_keeps_what_it_has_where_they_are_unfit() throws Exception {
    IdentityFiles files = IdentityFiles.in(folder, NodeRole.SERVER);
    Identity first = serverOf(AUTHORITY);
    files.write(first);
    ServerNode server = server(files.load(), builder -> builder.identityFiles(files));
    Identity second = serverOf(AUTHORITY);

    Files.writeString(files.chain(), "-----BEGIN CERTIFICATE-----\nAAAA");
    await(
        () ->
            events.stream()
                .anyMatch(
                    event ->
                        event.kind() == SecurityEventKind.CONFIGURATION_RELOADED
                            && event.toString().contains("refused: ")
                            && event.toString().contains("the file is cut off")));
    assertThat(server.identity().certificate()).isEqualTo(first.certificate());
    assertThat(server.reloadIdentity()).isFalse();

    files.write(second);
    await(() -> server.identity().certificate().equals(second.certificate()));
    assertThat(shown(server, AUTHORITY.identity("edge", NodeRole.CLIENT)))
        .isEqualTo(second.certificate());
  }

  private static Identity trustingBoth(Identity identity) {
    return new Identity(
        identity.privateKey(),
        identity.chain(),
        List.of(AUTHORITY.certificate(), SUCCESSOR.certificate()));
  }

  private static Identity serverOf(CertificateAuthority authority) {
    return authority.identity(Issuance.server("hub").dns("localhost").ip("127.0.0.1"));
  }

  private interface Settings {
    void on(ServerNode.Builder builder);
  }

  private ServerNode server(Identity identity, Settings settings) {
    ServerNode.Builder builder =
        ServerNode.builder(identity)
            .bind("127.0.0.1", 0)
            .handler(new Slow())
            .securityLog(events::add);
    settings.on(builder);
    ServerNode server = builder.start();
    open.add(server);
    return server;
  }

  private ClientNode client(ServerNode server, Identity identity, @Nullable Queue<String> failures)
      throws Exception {
    ClientNode client =
        ClientNode.builder(identity)
            .server("localhost", server.address().getPort())
            .listener(
                new ClientListener() {
                  @Override
                  public void connectFail(
                      String cause, int attempts, @Nullable Instant lastDisconnected) {
                    if (failures != null) {
                      failures.add(cause);
                    }
                  }
                })
            .start();
    open.add(client);
    client.awaitConnected(Duration.ofSeconds(15));
    return client;
  }

  private List<SecurityEventKind> kinds() {
    return events.stream().map(SecurityEvent::kind).toList();
  }

  private static Set<Instant> expiries(ServerNode server) {
    return server.peers().connected().stream()
        .map(Connected::certificateExpires)
        .flatMap(Optional::stream)
        .collect(Collectors.toSet());
  }

  private static Instant expiry(Identity identity) {
    return identity.certificate().getNotAfter().toInstant();
  }

  /** The certificate that the server shows to a new connection, which it must let in. */
  private static X509Certificate shown(ServerNode server, Identity client) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "key", client.privateKey(), new char[0], client.chain().toArray(X509Certificate[]::new));
    for (X509Certificate anchor : client.trustAnchors()) {
      store.setCertificateEntry(anchor.getSubjectX500Principal().getName(), anchor);
    }
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    var anchors = TrustManagerFactory.getInstance("PKIX");
    anchors.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), anchors.getTrustManagers(), null);
    try (var socket =
        (SSLSocket)
            context.getSocketFactory().createSocket("127.0.0.1", server.address().getPort())) {
      socket.setSoTimeout(15_000);
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"restpipe/2"});
      // The client of TLS 1.2 learns in the handshake whether it is let in.
      parameters.setProtocols(new String[] {"TLSv1.2"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private static void await(BooleanSupplier condition) {
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(condition::getAsBoolean);
  }
}
