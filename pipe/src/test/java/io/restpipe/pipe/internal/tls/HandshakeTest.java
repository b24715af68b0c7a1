package io.restpipe.pipe.internal.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.handler.ssl.SslContextBuilder;
import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.auth.identity.Issuance;
import io.restpipe.pipe.internal.tls.HandshakeFailure.Kind;
import io.restpipe.security.Identity;
import io.restpipe.security.NodeRole;
import io.restpipe.security.Revocations;
import io.restpipe.security.Revoked;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Real connections over loopback, with each engine at either end. */
class HandshakeTest {

  private static final Path FILES = Path.of("src/test/resources/identities");

  private static final CertificateAuthority AUTHORITY = CertificateAuthority.inMemory("test CA");
  private static final CertificateAuthority OTHER = CertificateAuthority.inMemory("other CA");
  private static final Identity SERVER = AUTHORITY.identity("hub", NodeRole.SERVER);
  private static final Identity CLIENT = AUTHORITY.identity("fileserver", NodeRole.CLIENT);

  private static final Map<String, TlsContexts> CONTEXTS = new ConcurrentHashMap<>();

  static Stream<Arguments> engines() {
    return Arrays.stream(TlsEngine.values())
        .filter(TlsEngine::isAvailable)
        .flatMap(
            acceptor ->
                Arrays.stream(TlsEngine.values())
                    .filter(TlsEngine::isAvailable)
                    .map(dialer -> Arguments.of(acceptor, dialer)));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void two_nodes_of_one_authority_know_each_other_by_name(TlsEngine acceptor, TlsEngine dialer)
      throws Exception {
    try (var loopback = new Loopback(contexts(SERVER, acceptor))) {
      var dialed = loopback.dial(contexts(CLIENT, dialer));

      assertThat(loopback.accepting.peer().name()).isEqualTo("fileserver");
      assertThat(loopback.accepting.next()).isEqualTo("hello");
      TlsPeer server = dialed.peer();
      assertThat(server.name()).isEqualTo("hub");
      assertThat(server.certificate()).isEqualTo(SERVER.certificate());
      assertThat(server.tls()).isEqualTo("TLSv1.3 TLS_AES_128_GCM_SHA256");
      assertThat(dialed.next()).isEqualTo("welcome");
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void an_address_is_a_host_that_a_certificate_can_be_for(TlsEngine acceptor, TlsEngine dialer)
      throws Exception {
    try (var loopback = new Loopback(contexts(SERVER, acceptor))) {
      var dialed = loopback.dial(contexts(CLIENT, dialer), "127.0.0.1", loopback.port());

      assertThat(dialed.peer().name()).isEqualTo("hub");
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void certificates_without_an_extended_usage_are_good_for_either(
      TlsEngine acceptor, TlsEngine dialer) throws Exception {
    Identity server = files("rsa-pkcs8", "rsa-pkcs8", "rsa-ca");
    Identity client = files("v1", "v1", "rsa-ca");

    try (var loopback = new Loopback(TlsContexts.of(server, acceptor))) {
      var dialed = loopback.dial(TlsContexts.of(client, dialer));

      assertThat(loopback.accepting.peer().name()).isEqualTo("v1");
      assertThat(loopback.accepting.next()).isEqualTo("hello");
      assertThat(dialed.peer().name()).isEqualTo("localhost");
      assertThat(dialed.next()).isEqualTo("welcome");
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_chain_may_have_an_intermediate_authority(TlsEngine acceptor, TlsEngine dialer)
      throws Exception {
    Identity server = files("ec-pkcs8", "ec-pkcs8", "ec-ca");
    Identity client = files("leaf", "chain", "ec-ca");

    try (var loopback = new Loopback(TlsContexts.of(server, acceptor))) {
      loopback.dial(TlsContexts.of(client, dialer));

      assertThat(loopback.accepting.peer().name()).isEqualTo("leaf");
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_client_of_another_authority_is_refused(TlsEngine acceptor, TlsEngine dialer)
      throws Exception {
    refusesClient(
        acceptor,
        dialer,
        trusting(AUTHORITY, OTHER.identity("stranger", NodeRole.CLIENT)),
        "client certificate is signed by an unknown authority (CN=stranger, issuer CN=other CA)");
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_client_of_an_authority_that_was_made_anew_is_refused(TlsEngine acceptor, TlsEngine dialer)
      throws Exception {
    CertificateAuthority namesake = CertificateAuthority.inMemory("test CA");

    refusesClient(
        acceptor,
        dialer,
        trusting(AUTHORITY, namesake.identity("fileserver", NodeRole.CLIENT)),
        "client certificate is signed by another authority of the same name as the trusted one"
            + " (CN=fileserver, issuer CN=test CA)");
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_client_whose_certificate_expired_is_refused(TlsEngine acceptor, TlsEngine dialer)
      throws Exception {
    Instant end = Instant.parse("2020-01-31T00:00:00Z");
    Identity expired =
        AUTHORITY.identity(Issuance.client("late").valid(end.minus(Duration.ofDays(30)), end));

    refusesClient(
        acceptor,
        dialer,
        expired,
        "client certificate expired [0-9]+ days ago \\(CN=late, not after 2020-01-31T00:00:00Z\\)");
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_client_whose_certificate_is_not_valid_yet_is_refused(TlsEngine acceptor, TlsEngine dialer)
      throws Exception {
    Instant start = Instant.now().plus(Duration.ofDays(3)).plusSeconds(60);
    Identity early =
        AUTHORITY.identity(Issuance.client("early").valid(start, start.plusSeconds(3600)));

    refusesClient(
        acceptor,
        dialer,
        early,
        "client certificate is not valid for another 3 days \\(CN=early.*");
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_server_certificate_used_by_a_client_is_refused(TlsEngine acceptor, TlsEngine dialer)
      throws Exception {
    refusesClient(acceptor, dialer, SERVER, "client certificate is for server use only (CN=hub)");
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_client_without_a_certificate_is_refused(TlsEngine acceptor, TlsEngine dialer)
      throws Exception {
    var bare =
        SslContextBuilder.forClient()
            .sslProvider(dialer.provider())
            .trustManager(AUTHORITY.certificate())
            .applicationProtocolConfig(TlsContexts.ALPN)
            .build();

    try (var loopback = new Loopback(contexts(SERVER, acceptor))) {
      loopback.dial(bare);

      assertThat(loopback.accepting.failure())
          .isEqualTo(new HandshakeFailure(Kind.CERTIFICATE, "client sent no certificate"));
      goesOn(loopback, dialer);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void what_is_no_tls_is_refused(TlsEngine acceptor, TlsEngine dialer) throws Exception {
    try (var loopback = new Loopback(contexts(SERVER, acceptor));
        var socket = new Socket("127.0.0.1", loopback.port())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));

      assertThat(loopback.accepting.failure())
          .isEqualTo(
              new HandshakeFailure(
                  Kind.INCOMPATIBLE, "not a TLS client: what came first is no TLS record"));
      goesOn(loopback, dialer);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_client_that_goes_away_is_no_certificate_problem(TlsEngine acceptor, TlsEngine dialer)
      throws Exception {
    try (var loopback = new Loopback(contexts(SERVER, acceptor))) {
      new Socket("127.0.0.1", loopback.port()).close();

      assertThat(loopback.accepting.failure())
          .isEqualTo(
              new HandshakeFailure(
                  Kind.NETWORK, "client closed the connection during the TLS handshake"));
      goesOn(loopback, dialer);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_client_that_names_no_protocol_is_refused(TlsEngine acceptor, TlsEngine dialer)
      throws Exception {
    var nameless =
        SslContextBuilder.forClient()
            .sslProvider(dialer.provider())
            .keyManager(CLIENT.privateKey(), CLIENT.certificate())
            .trustManager(AUTHORITY.certificate())
            .build();

    try (var loopback = new Loopback(contexts(SERVER, acceptor))) {
      loopback.dial(nameless);

      assertThat(loopback.accepting.failure())
          .isEqualTo(
              new HandshakeFailure(
                  Kind.INCOMPATIBLE,
                  "client names no protocol (ALPN), as RestPipe 0.2.11 does not: such clients are let in only where server.legacy is on"));
      goesOn(loopback, dialer);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_client_of_old_tls_is_refused(TlsEngine acceptor, TlsEngine dialer) throws Exception {
    if (dialer == TlsEngine.JDK) {
      return; // The JDK no longer speaks it.
    }
    var old =
        SslContextBuilder.forClient()
            .sslProvider(dialer.provider())
            .protocols("TLSv1.1")
            .trustManager(AUTHORITY.certificate())
            .applicationProtocolConfig(TlsContexts.ALPN)
            .build();

    try (var loopback = new Loopback(contexts(SERVER, acceptor))) {
      loopback.dial(old);

      assertThat(loopback.accepting.failure())
          .isEqualTo(
              new HandshakeFailure(Kind.INCOMPATIBLE, "client speaks neither TLS 1.3 nor TLS 1.2"));
      goesOn(loopback, dialer);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void tls_1_2_will_do(TlsEngine acceptor, TlsEngine dialer) throws Exception {
    var old =
        SslContextBuilder.forClient()
            .sslProvider(dialer.provider())
            .protocols("TLSv1.2")
            .keyManager(CLIENT.privateKey(), CLIENT.certificate())
            .trustManager(AUTHORITY.certificate())
            .applicationProtocolConfig(TlsContexts.ALPN)
            .build();

    try (var loopback = new Loopback(contexts(SERVER, acceptor))) {
      loopback.dial(old);

      assertThat(loopback.accepting.peer().tls())
          .isEqualTo("TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_second_handshake_on_one_connection_is_refused(TlsEngine acceptor, TlsEngine dialer)
      throws Exception {
    if (dialer == TlsEngine.NATIVE) {
      return; // BoringSSL begins none.
    }
    try (var loopback = new Loopback(contexts(SERVER, acceptor));
        var socket = socket(CLIENT, "TLSv1.2", loopback.port())) {
      socket.startHandshake();
      assertThat(socket.getInputStream().readNBytes(7)).isEqualTo("welcome".getBytes(UTF_8));

      assertThatThrownBy(
              () -> {
                socket.startHandshake();
                socket.getInputStream().read();
              })
          .isInstanceOf(IOException.class);

      assertThat(loopback.accepting.peer().name()).isEqualTo("fileserver");
      assertThat(loopback.accepting.next())
          .isIn(
              "closed", new HandshakeFailure(Kind.INCOMPATIBLE, "client began a second handshake"));
    }
  }

  private static SSLSocket socket(Identity identity, String version, int port) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "key",
        identity.privateKey(),
        new char[0],
        identity.chain().toArray(X509Certificate[]::new));
    store.setCertificateEntry("anchor", identity.trustAnchors().get(0));
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    var anchors = TrustManagerFactory.getInstance("PKIX");
    anchors.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), anchors.getTrustManagers(), null);
    var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
    socket.setSoTimeout(15_000);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {TlsContexts.PROTOCOL});
    parameters.setProtocols(new String[] {version});
    socket.setSSLParameters(parameters);
    return socket;
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_client_whose_certificate_was_revoked_is_refused(TlsEngine acceptor, TlsEngine dialer)
      throws Exception {
    Identity stolen = AUTHORITY.identity("stolen", NodeRole.CLIENT);

    try (var loopback = new Loopback(TlsContexts.of(SERVER, acceptor, revoking(stolen)))) {
      var dialed = loopback.dial(TlsContexts.of(stolen, dialer));

      assertThat(loopback.accepting.failure())
          .satisfies(
              certificateFailure(
                  "client certificate was revoked 3 days ago \\(CN=stolen, serial [0-9A-F]+\\)"));
      // The JDK's engine has one word for all certificates that it refuses.
      assertThat(dialed.failure().sentence())
          .startsWith("server refuses our certificate")
          .contains("revoked");
      goesOn(loopback, dialer);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_server_whose_certificate_was_revoked_is_refused(TlsEngine acceptor, TlsEngine dialer)
      throws Exception {
    try (var loopback = new Loopback(contexts(SERVER, acceptor))) {
      var dialed = loopback.dial(TlsContexts.of(CLIENT, dialer, revoking(SERVER)));

      assertThat(dialed.failure())
          .satisfies(
              certificateFailure(
                  "server certificate was revoked 3 days ago \\(CN=hub, serial [0-9A-F]+\\)"));
      assertThat(loopback.accepting.failure().sentence())
          .isEqualTo("client refuses our certificate: it has been revoked");
    }
  }

  private static Revocations revoking(Identity identity) {
    var revoked = new Revoked(identity.certificate(), Instant.now().minus(Duration.ofDays(3)), "");
    return chain ->
        chain.contains(identity.certificate()) ? Optional.of(revoked) : Optional.empty();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_server_of_another_authority_is_refused(TlsEngine acceptor, TlsEngine dialer)
      throws Exception {
    refusesServer(
        acceptor,
        dialer,
        OTHER.identity("impostor", NodeRole.SERVER),
        "server certificate is signed by an unknown authority (CN=impostor, issuer CN=other CA)");
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_server_for_another_host_is_refused(TlsEngine acceptor, TlsEngine dialer) throws Exception {
    refusesServer(
        acceptor,
        dialer,
        AUTHORITY.identity(Issuance.server("far").dns("far.example.com").ip("10.1.2.3")),
        "server certificate is not for localhost (CN=far, for far.example.com, 10.1.2.3)");
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_client_certificate_used_by_a_server_is_refused(TlsEngine acceptor, TlsEngine dialer)
      throws Exception {
    refusesServer(
        acceptor,
        dialer,
        AUTHORITY.identity(Issuance.client("turncoat").dns("localhost")),
        "server certificate is for client use only (CN=turncoat)");
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_server_whose_certificate_expired_is_refused(TlsEngine acceptor, TlsEngine dialer)
      throws Exception {
    Instant end = Instant.now().minus(Duration.ofHours(5)).minusSeconds(60);
    refusesServer(
        acceptor,
        dialer,
        AUTHORITY.identity(Issuance.server("hub").valid(end.minusSeconds(3600), end)),
        "server certificate expired 5 hours ago \\(CN=hub, not after .*");
  }

  @Test
  void a_dialer_on_the_jdk_resumes_no_session() throws Exception {
    TlsContexts client = contexts(CLIENT, TlsEngine.JDK);
    Set<Long> created = new HashSet<>();

    try (var loopback = new Loopback(contexts(SERVER, TlsEngine.JDK))) {
      for (int i = 0; i < 4; i++) {
        var dialed = loopback.dial(client);
        dialed.peer();
        assertThat(dialed.next()).isEqualTo("welcome");
        created.add(dialed.session().getCreationTime());
      }
    }

    assertThat(created).hasSize(4);
  }

  @Test
  void a_native_acceptor_lets_no_session_be_resumed() throws Exception {
    assumeThat(TlsEngine.NATIVE.isAvailable()).isTrue();
    var asked = new AtomicInteger();
    var client =
        SslContextBuilder.forClient()
            .sslProvider(TlsEngine.JDK.provider())
            .keyManager(CLIENT.privateKey(), CLIENT.certificate())
            .trustManager(
                new PeerVerifier(
                    List.of(AUTHORITY.certificate()), NodeRole.SERVER, Revocations.NONE) {
                  @Override
                  public void checkServerTrusted(
                      X509Certificate[] chain, String authType, SSLEngine engine)
                      throws CertificateException {
                    asked.incrementAndGet();
                    super.checkServerTrusted(chain, authType, engine);
                  }
                })
            .applicationProtocolConfig(TlsContexts.ALPN)
            .build();

    try (var loopback = new Loopback(contexts(SERVER, TlsEngine.NATIVE))) {
      for (int i = 0; i < 4; i++) {
        loopback.dial(client);
        assertThat(loopback.accepting.peer().name()).isEqualTo("fileserver");
      }
    }

    assertThat(asked).hasValue(4);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_server_that_another_process_hides_behind_its_port_is_no_tls_server(
      TlsEngine acceptor, TlsEngine dialer) throws Exception {
    try (var loopback = new Loopback(contexts(SERVER, acceptor));
        var http = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var dialed = loopback.dial(contexts(CLIENT, dialer), "localhost", http.getLocalPort());
      try (Socket socket = http.accept()) {
        socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));

        assertThat(dialed.failure())
            .isEqualTo(
                new HandshakeFailure(
                    Kind.INCOMPATIBLE, "not a TLS server: what came first is no TLS record"));
      }
    }
  }

  /** Refused with this sentence, told so in words, and the server goes on. */
  private static void refusesClient(
      TlsEngine acceptor, TlsEngine dialer, Identity client, String sentence) throws Exception {
    try (var loopback = new Loopback(contexts(SERVER, acceptor))) {
      var dialed = loopback.dial(TlsContexts.of(client, dialer));

      assertThat(loopback.accepting.failure()).satisfies(certificateFailure(sentence));
      HandshakeFailure told = dialed.failure();
      assertThat(told.kind()).as(told.sentence()).isEqualTo(Kind.CERTIFICATE);
      assertThat(told.sentence()).startsWith("server refuses our certificate");
      goesOn(loopback, dialer);
    }
  }

  private static void refusesServer(
      TlsEngine acceptor, TlsEngine dialer, Identity server, String sentence) throws Exception {
    try (var loopback = new Loopback(TlsContexts.of(server, acceptor))) {
      var dialed = loopback.dial(contexts(CLIENT, dialer));

      assertThat(dialed.failure()).satisfies(certificateFailure(sentence));
      HandshakeFailure told = loopback.accepting.failure();
      assertThat(told.kind()).as(told.sentence()).isEqualTo(Kind.CERTIFICATE);
      assertThat(told.sentence()).startsWith("client refuses our certificate");
    }
  }

  private static Consumer<HandshakeFailure> certificateFailure(String sentence) {
    return failure -> {
      assertThat(failure.kind()).as(failure.sentence()).isEqualTo(Kind.CERTIFICATE);
      if (sentence.contains("\\(")) {
        assertThat(failure.sentence()).matches(sentence);
      } else {
        assertThat(failure.sentence()).isEqualTo(sentence);
      }
    };
  }

  private static void goesOn(Loopback loopback, TlsEngine dialer) throws Exception {
    loopback.dial(contexts(CLIENT, dialer));
    assertThat(loopback.accepting.peer().name()).isEqualTo("fileserver");
  }

  /** Those of the two that nearly every test needs are made once. */
  private static TlsContexts contexts(Identity identity, TlsEngine engine) {
    return CONTEXTS.computeIfAbsent(identity + " " + engine, k -> TlsContexts.of(identity, engine));
  }

  private static Identity trusting(CertificateAuthority authority, Identity identity) {
    return new Identity(identity.privateKey(), identity.chain(), List.of(authority.certificate()));
  }

  private static Identity files(String key, String chain, String authority) {
    return Identity.load(
        FILES.resolve(key + ".key.pem"),
        FILES.resolve(chain + ".crt.pem"),
        FILES.resolve(authority + ".crt.pem"));
  }
}
