package io.restpipe.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.auth.identity.Issuance;
import io.restpipe.event.Body;
import io.restpipe.event.Event;
import io.restpipe.event.Headers;
import io.restpipe.event.Principal;
import io.restpipe.event.Reply;
import io.restpipe.security.Authentication;
import io.restpipe.security.Authenticator;
import io.restpipe.security.Credentials;
import io.restpipe.security.HttpEndpoint;
import io.restpipe.security.Identity;
import io.restpipe.security.NodeRole;
import io.restpipe.security.Revocations;
import io.restpipe.security.Revoked;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gateways that ask who the caller is, over real sockets and real TLS. */
@Timeout(60)
class GuardedGatewayTest {

  private static final CertificateAuthority AUTHORITY = CertificateAuthority.inMemory("test CA");
  private static final Identity SERVER =
      AUTHORITY.identity(Issuance.server("gate.test").ip("127.0.0.1"));
  private static final String ENGINE = "restpipe.tls.engine";
  private static final String TOKEN = "0123456789abcdef";

  /** Knows alice by a token or cookie, and answers on a thread of its own. */
  private static final Authenticator TOKENS =
      new Authenticator() {
        @Override
        public CompletionStage<Authentication> authenticate(Credentials credentials) {
          return CompletableFuture.supplyAsync(
              () ->
                  credentials
                      .authorization()
                      .map(text -> found(text, Principal.Method.BEARER))
                      .or(
                          () ->
                              credentials
                                  .cookie("token")
                                  .map(text -> found("Bearer " + text, Principal.Method.COOKIE)))
                      .orElse(Authentication.ABSENT));
        }

        @Override
        public List<String> challenges() {
          return List.of("Bearer realm=\"test\"");
        }
      };

  private static Authentication found(String text, Principal.Method method) {
    return switch (text) {
      case "Bearer good" ->
          new Authentication.Accepted(
              Principal.user("alice").roles(List.of("operator")).method(method).build());
      case "Bearer told" -> Authentication.refused("");
      case "Bearer locked" -> new Authentication.Limited("locked out", Duration.ofSeconds(7));
      case "Bearer down" ->
          new Authentication.Unavailable("the store is down", Duration.ofSeconds(3));
      case "Bearer broken" -> throw new IllegalStateException("broken");
      default -> Authentication.refused("no such token");
    };
  }

  private final Queue<SecurityEvent> events = new ConcurrentLinkedQueue<>();
  private TestGateway gateway;

  private void start(Consumer<GatewayListener.Builder> listener) throws Exception {
    start(listener, options -> {});
  }

  private void start(
      Consumer<GatewayListener.Builder> listener, Consumer<GatewayOptions.Builder> options)
      throws Exception {
    gateway =
        TestGateway.start(
            setup -> {
              setup.listener = listener;
              setup.options.securityLog(events::add);
              options.accept(setup.options);
            });
    gateway.peers.reply(event -> Reply.of(0, "text/plain", Body.of("hello")));
  }

  @AfterEach
  void close() {
    if (gateway != null) {
      gateway.close();
    }
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    return send("GET", path, headers);
  }

  private HttpResponse<String> send(String method, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        gateway.request(path).method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return gateway.send(request.build());
  }

  private Event onlyEvent() {
    return gateway.peers.onlyEvent();
  }

  @Test
  void nobody_passes_unknown() throws Exception {
    start(listener -> listener.authenticator(TOKENS));

    HttpResponse<String> nobody = get("/client/x/time");
    HttpResponse<String> wrong = get("/client/x/time", "Authorization", "Bearer bad");

    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(nobody.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"test\"");
    assertThat(nobody.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(nobody.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(wrong.body()).doesNotContain("no such token");
    assertThat(gateway.peers.events).isEmpty();
    assertThat(events.stream().map(event -> event.kind().name()))
        .containsExactly("ACCESS_DENIED", "LOGIN_FAILED");
  }

  @Test
  void one_who_is_known_calls_as_who_they_are() throws Exception {
    start(listener -> listener.authenticator(TOKENS));

    HttpResponse<String> answer =
        get(
            "/client/x/time",
            "Authorization",
            "Bearer good",
            "X-Forwarded-For",
            "6.6.6.6",
            "X-User",
            "root");

    assertThat(answer.statusCode()).isEqualTo(200);
    Principal caller = onlyEvent().caller().orElseThrow();
    assertThat(caller.name()).isEqualTo("alice");
    assertThat(caller.roles()).containsExactly("operator");
    assertThat(onlyEvent().headers().first("Authorization")).isEmpty();
    assertThat(onlyEvent().headers().first("X-Forwarded-For")).contains("127.0.0.1");
  }

  @Test
  void what_cannot_be_found_out_is_no_refusal_and_no_way_in() throws Exception {
    start(listener -> listener.authenticator(TOKENS));

    HttpResponse<String> down = get("/client/x/time", "Authorization", "Bearer down");
    HttpResponse<String> locked = get("/client/x/time", "Authorization", "Bearer locked");

    assertThat(down.statusCode()).isEqualTo(503);
    assertThat(down.headers().firstValue("Retry-After")).contains("3");
    assertThat(locked.statusCode()).isEqualTo(429);
    assertThat(locked.headers().firstValue("Retry-After")).contains("7");
    assertThat(get("/client/x/time", "Authorization", "Bearer broken").statusCode()).isEqualTo(503);
    assertThat(gateway.peers.events).isEmpty();
    assertThat(events)
        .extracting(event -> event.kind() + " " + event.fields().get(Field.REASON))
        .contains(
            "LOGIN_FAILED the store is down",
            "LOGIN_FAILED locked out",
            "LOGIN_FAILED an authenticator failed");
  }

  @Test
  void a_cookie_counts_only_where_the_own_site_is_behind_it() throws Exception {
    start(listener -> listener.authenticator(TOKENS).origins(List.of("https://app.example")));
    String cookie = "token=good; " + Credentials.CSRF_COOKIE + "=" + TOKEN;

    assertThat(get("/client/x/time", "Cookie", cookie).statusCode()).isEqualTo(200);
    assertThat(send("POST", "/client/x/time", "Cookie", cookie).statusCode()).isEqualTo(403);
    assertThat(post(cookie, Credentials.CSRF_HEADER, TOKEN)).isEqualTo(200);
    assertThat(post(cookie, Credentials.CSRF_HEADER, "0123456789abcdeF")).isEqualTo(403);
    assertThat(post("token=good", Credentials.CSRF_HEADER, "")).isEqualTo(403);
    assertThat(post(cookie, "Sec-Fetch-Site", "same-origin")).isEqualTo(200);
    assertThat(post(cookie, "Sec-Fetch-Site", "cross-site")).isEqualTo(403);
    assertThat(post(cookie, "Origin", "https://evil.example")).isEqualTo(403);
    assertThat(post(cookie, "Origin", "https://app.example")).isEqualTo(200);
    assertThat(post(cookie, "Origin", gateway.gateway.address())).isEqualTo(200);
    assertThat(get("/client/x/time", "Cookie", cookie, "Origin", "https://evil.example"))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(403);
  }

  private int post(String cookie, String header, String value) throws Exception {
    return send("POST", "/client/x/time", "Cookie", cookie, header, value).statusCode();
  }

  @Test
  void pages_of_other_sites_call_where_they_may() throws Exception {
    start(listener -> listener.authenticator(TOKENS).origins(List.of("https://app.example")));

    HttpResponse<String> asked =
        send(
            "OPTIONS",
            "/client/x/time",
            "Origin",
            "https://app.example",
            "Access-Control-Request-Method",
            "POST");
    HttpResponse<String> called =
        get("/client/x/time", "Origin", "https://app.example", "Authorization", "Bearer good");
    HttpResponse<String> evil =
        send(
            "OPTIONS",
            "/client/x/time",
            "Origin",
            "https://evil.example",
            "Access-Control-Request-Method",
            "POST");

    assertThat(asked.statusCode()).isEqualTo(204);
    assertThat(asked.headers().firstValue("Access-Control-Allow-Origin"))
        .contains("https://app.example");
    assertThat(asked.headers().firstValue("Access-Control-Allow-Headers").orElseThrow())
        .contains("Authorization");
    assertThat(called.statusCode()).isEqualTo(200);
    assertThat(called.headers().firstValue("Access-Control-Allow-Credentials")).contains("true");
    assertThat(evil.statusCode()).isEqualTo(403);
    assertThat(evil.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void a_page_of_any_site_does_not_act_as_this_machine() throws Exception {
    start(listener -> listener.origins(List.of("*", "https://app.example")));
    String[] evil = {"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"};
    String[] named = {"Origin", "https://app.example", "Sec-Fetch-Site", "cross-site"};

    assertThat(get("/client/x/time", evil).statusCode()).isEqualTo(403);
    assertThat(get("/client/x/time", named).statusCode()).isEqualTo(200);
  }

  @Test
  void each_caller_has_a_bucket() throws Exception {
    start(listener -> listener.authenticator(TOKENS).rateLimit(0.001, 2));
    String[] alice = {"Authorization", "Bearer good"};

    assertThat(get("/client/x/time", alice).statusCode()).isEqualTo(200);
    assertThat(get("/client/x/time", alice).statusCode()).isEqualTo(200);
    HttpResponse<String> third = get("/client/x/time", alice);

    assertThat(third.statusCode()).isEqualTo(429);
    assertThat(Long.parseLong(third.headers().firstValue("Retry-After").orElseThrow()))
        .isBetween(900L, 1001L);
    assertThat(events.stream().map(event -> event.kind().name())).containsExactly("LIMIT_HIT");
  }

  @Test
  void a_body_has_a_bound_whatever_it_announces() throws Exception {
    start(listener -> listener.authenticator(TOKENS).maxBody(1000));
    gateway.peers.answer(
        (name, event) ->
            event
                .body()
                .aggregate(10_000)
                .thenApply(bytes -> Reply.of(0, "text/plain", Body.of("read"))));
    HttpRequest.Builder request =
        gateway.request("/client/x/time").header("Authorization", "Bearer good");

    HttpRequest announced =
        request.POST(HttpRequest.BodyPublishers.ofString("x".repeat(1001))).build();
    HttpRequest chunked =
        request
            .POST(
                HttpRequest.BodyPublishers.fromPublisher(
                    HttpRequest.BodyPublishers.ofString("x".repeat(1001))))
            .build();
    HttpRequest fits = request.POST(HttpRequest.BodyPublishers.ofString("x".repeat(1000))).build();

    assertThat(gateway.send(announced).statusCode()).isEqualTo(413);
    assertThat(gateway.send(chunked).statusCode()).isEqualTo(413);
    assertThat(gateway.send(fits).statusCode()).isEqualTo(200);
  }

  @Test
  void the_heartbeat_is_for_all_and_other_pages_are_not() throws Exception {
    start(listener -> listener.authenticator(TOKENS));

    assertThat(get("/__heartbeat__").statusCode()).isEqualTo(200);
    assertThat(get("/metrics").statusCode()).isEqualTo(401);
    assertThat(get("/__clients__").statusCode()).isEqualTo(401);
    assertThat(get("/metrics", "Authorization", "Bearer good").statusCode()).isEqualTo(200);
  }

  @Test
  void an_endpoint_answers_beneath_its_path_unasked() throws Exception {
    HttpEndpoint endpoint =
        request ->
            CompletableFuture.completedFuture(
                new HttpEndpoint.Answer(
                    201,
                    Headers.of("Set-Cookie", "a=b", "Content-Type", "text/plain"),
                    Body.of(request + " " + request.query() + " " + request.text())));
    start(
        listener -> listener.authenticator(TOKENS), options -> options.endpoint("/auth", endpoint));
    HttpRequest request =
        gateway
            .request("/auth/login?x=y")
            .POST(HttpRequest.BodyPublishers.ofString("secret"))
            .build();

    HttpResponse<String> answer = gateway.send(request);

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.body()).isEqualTo("POST /auth/login x=y secret");
    assertThat(answer.headers().firstValue("Set-Cookie")).contains("a=b");
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(send("POST", "/auth/login", "Origin", "https://evil.example").statusCode())
        .isEqualTo(403);
    assertThat(get("/authority").statusCode()).isEqualTo(404);
    HttpRequest large =
        gateway
            .request("/auth/login")
            .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[HttpEndpoint.MAX_BODY + 1]))
            .build();
    assertThat(gateway.send(large).statusCode()).isEqualTo(413);
  }

  @Test
  void a_trusted_proxy_says_who_called() throws Exception {
    start(listener -> listener.trustedProxies(List.of("127.0.0.0/8")).rateLimit(0.001, 1));

    assertThat(get("/client/x/time", "X-Forwarded-For", "10.0.0.1").statusCode()).isEqualTo(200);
    assertThat(get("/client/x/time", "X-Forwarded-For", "10.0.0.2").statusCode()).isEqualTo(200);
    assertThat(get("/client/x/time", "X-Forwarded-For", "9.9.9.9, 10.0.0.2").statusCode())
        .isEqualTo(429);
  }

  @Test
  void who_is_not_let_in_has_a_limit_too_and_spends_nobody_elses() throws Exception {
    start(listener -> listener.authenticator(TOKENS).rateLimit(0.001, 2));

    assertThat(get("/client/x/time").statusCode()).isEqualTo(401);
    assertThat(get("/client/x/time", "Authorization", "Bearer bad").statusCode()).isEqualTo(401);
    assertThat(get("/client/x/time", "Authorization", "Bearer bad").statusCode()).isEqualTo(429);
    assertThat(get("/client/x/time").headers().firstValue("Retry-After")).isPresent();
    assertThat(get("/client/x/time", "Authorization", "Bearer good").statusCode()).isEqualTo(200);
  }

  @Test
  void the_security_log_has_the_caller_behind_a_trusted_proxy() throws Exception {
    start(
        listener ->
            listener
                .authenticator(TOKENS)
                .trustedProxies(List.of("127.0.0.1"))
                .rateLimit(0.001, 1));

    assertThat(get("/client/x/time", "X-Forwarded-For", "10.0.0.1").statusCode()).isEqualTo(401);
    get("/client/x/time", "X-Forwarded-For", "10.0.0.2", "Authorization", "Bearer bad");
    get("/client/x/time", "X-Forwarded-For", "10.0.0.5", "Authorization", "Bearer told");
    get("/client/x/time", "X-Forwarded-For", "10.0.0.3", "Authorization", "Bearer good");
    get("/client/x/time", "X-Forwarded-For", "10.0.0.4", "Authorization", "Bearer good");
    get("/client/x/time");

    assertThat(events)
        .extracting(
            event -> event.kind() + " " + event.address().orElseThrow() + ":" + event.port())
        .startsWith(
            "ACCESS_DENIED /10.0.0.1:0", "LOGIN_FAILED /10.0.0.2:0", "LIMIT_HIT /10.0.0.4:0")
        .last()
        .asString()
        .startsWith("ACCESS_DENIED /127.0.0.1:")
        .doesNotEndWith(":0");
  }

  @Test
  void https_has_its_certificate_and_takes_another() throws Exception {
    var certificate = new GatewayCertificate(SERVER);
    start(listener -> listener.https(certificate).authenticator(TOKENS));

    HttpResponse<String> answer = over(client(null), "Bearer good");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
    String first = answer.sslSession().orElseThrow().getPeerCertificates()[0].toString();

    certificate.replace(AUTHORITY.identity(Issuance.server("gate.test").ip("127.0.0.1")));
    HttpResponse<String> second = over(client(null), "Bearer good");
    assertThat(second.sslSession().orElseThrow().getPeerCertificates()[0].toString())
        .isNotEqualTo(first);
  }

  @Test
  void a_certificate_is_who_the_caller_is() throws Exception {
    start(
        listener ->
            listener.https(SERVER).clientCertificates(GatewayListener.ClientCertificates.OPTIONAL));

    assertThat(over(client(null), null).statusCode()).isEqualTo(403);
    assertThat(over(client(AUTHORITY.identity("kiosk", NodeRole.CLIENT)), null).statusCode())
        .isEqualTo(200);
    assertThat(onlyEvent().caller().orElseThrow().toString()).isEqualTo("peer kiosk");
    Identity stranger = CertificateAuthority.inMemory("other").identity("kiosk", NodeRole.CLIENT);
    assertThat(over(client(stranger), null).statusCode()).isEqualTo(403);
  }

  @Test
  void the_security_log_has_callers_that_are_too_many() throws Exception {
    start(listener -> {}, options -> options.maxConnections(1));
    try (var one = new Socket("127.0.0.1", gateway.port())) {
      one.setSoTimeout(10_000);
      one.getOutputStream()
          .write(
              "GET /__heartbeat__ HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(one.getInputStream().read()).isEqualTo('H');
      var two = new Socket("127.0.0.1", gateway.port());
      two.setSoTimeout(10_000);
      assertThat(two.getInputStream().read()).isEqualTo('H');
      two.close();

      assertThat(events)
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.kind()).isEqualTo(SecurityEventKind.LIMIT_HIT);
                assertThat(event.fields()).containsEntry(Field.LIMIT, "1 callers");
                assertThat(event.address().orElseThrow().isLoopbackAddress()).isTrue();
                assertThat(event.port()).isEqualTo(two.getLocalPort());
              });
    }
  }

  @Test
  void the_security_log_has_callers_whose_handshake_is_refused() throws Exception {
    start(
        listener ->
            listener.https(SERVER).clientCertificates(GatewayListener.ClientCertificates.REQUIRED));

    assertThatThrownBy(() -> over(client(null), null)).isInstanceOf(IOException.class);
    try (var plain = new Socket("127.0.0.1", gateway.port())) {
      plain.setSoTimeout(10_000);
      plain.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(plain.getInputStream().readAllBytes()).isNotNull();
    }
    // Who leaves, or does not trust us, is not refused.
    new Socket("127.0.0.1", gateway.port()).close();
    HttpClient distrustful = HttpClient.newHttpClient();
    assertThatThrownBy(() -> over(distrustful, null)).isInstanceOf(IOException.class);
    assertThat(over(client(AUTHORITY.identity("kiosk", NodeRole.CLIENT)), null).statusCode())
        .isEqualTo(200);

    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(events)
                    .extracting(event -> event.kind() + " " + event.fields().get(Field.REASON))
                    // A client may try again by itself.
                    .containsOnly(
                        "HANDSHAKE_REFUSED caller sent no certificate",
                        "HANDSHAKE_REFUSED caller speaks no TLS"));
    assertThat(events).allMatch(event -> event.address().orElseThrow().isLoopbackAddress());
  }

  @Test
  void a_revoked_certificate_is_nobody_also_on_a_connection_that_is_up() throws Exception {
    Identity kiosk = AUTHORITY.identity("kiosk", NodeRole.CLIENT);
    var revoked = new AtomicBoolean();
    Revocations revocations =
        chain ->
            revoked.get()
                ? Optional.of(new Revoked(chain.get(0), null, "keyCompromise"))
                : Optional.empty();
    start(
        listener ->
            listener.https(SERVER).clientCertificates(GatewayListener.ClientCertificates.OPTIONAL),
        options -> options.revocations(() -> revocations));
    HttpClient caller = client(kiosk);
    assertThat(over(caller, null).statusCode()).isEqualTo(200);

    revoked.set(true);

    HttpResponse<String> refused = over(caller, null);
    assertThat(refused.statusCode()).isIn(401, 403);
    assertThat(events).anyMatch(event -> event.toString().contains("certificate was revoked"));
    assertThat(gateway.peers.events).hasSize(1);
  }

  private HttpResponse<String> over(HttpClient http, String authorization) throws Exception {
    HttpRequest.Builder request = gateway.request("/client/x/time");
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpClient client(Identity identity) throws Exception {
    return HttpClient.newBuilder()
        .sslContext(context(identity))
        .version(HttpClient.Version.HTTP_1_1)
        .build();
  }

  private static SSLContext context(Identity identity) throws Exception {
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", SERVER.trustAnchors().get(0));
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    var keys = KeyManagerFactory.getInstance("PKIX");
    var own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    if (identity != null) {
      own.setKeyEntry(
          "me",
          identity.privateKey(),
          new char[0],
          identity.chain().toArray(X509Certificate[]::new));
    }
    keys.init(own, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  /** With both engines: that of the JDK would let a caller do it as often as it likes. */
  @ParameterizedTest
  @ValueSource(strings = {"native", "jdk"})
  void a_caller_can_not_begin_a_second_handshake(String engine) throws Exception {
    String before = System.getProperty(ENGINE);
    System.setProperty(ENGINE, engine);
    try {
      start(listener -> listener.https(new GatewayCertificate(SERVER)).authenticator(TOKENS));
    } finally {
      if (before == null) {
        System.clearProperty(ENGINE);
      } else {
        System.setProperty(ENGINE, before);
      }
    }
    try (var socket = (SSLSocket) context(null).getSocketFactory().createSocket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", gateway.port()), 10_000);
      socket.setSoTimeout(10_000);
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.startHandshake();
      byte[] request =
          "GET /__heartbeat__ HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
      socket.getOutputStream().write(request);
      var answered = new StringBuilder();
      answered.append((char) socket.getInputStream().read());

      try {
        socket.startHandshake();
        socket.getOutputStream().write(request);
        for (int b = socket.getInputStream().read(); b >= 0; b = socket.getInputStream().read()) {
          answered.append((char) b);
        }
      } catch (SocketTimeoutException goesOn) {
        throw new AssertionError("the connection was not ended", goesOn);
      } catch (IOException ended) {
        // As it should be, with or without an alert.
      }
      assertThat(answered.toString()).containsOnlyOnce("HTTP/1.1 ");
    }
  }

  @Test
  void nothing_listens_to_others_without_a_lock() throws Exception {
    start(listener -> {});

    assertThatThrownBy(() -> GatewayListener.at("0.0.0.0:0").build().requireSafe(false))
        .hasMessageContaining("it has no authentication");
    assertThatThrownBy(
            () -> GatewayListener.at("0.0.0.0:0").authenticator(TOKENS).build().requireSafe(false))
        .hasMessageContaining("it has no certificate; give it one (https.listen)");
    GatewayListener.at("0.0.0.0:0").authenticator(TOKENS).https(SERVER).build().requireSafe(false);
    GatewayListener.at("0.0.0.0:0").build().requireSafe(true);
  }

  @Test
  void a_bucket_fills_and_the_oldest_is_forgotten() {
    var now = new long[1];
    var limit = new RateLimit(2, 2, () -> now[0]);
    assertThat(limit.take("a")).isNull();
    assertThat(limit.take("a")).isNull();
    assertThat(limit.take("a")).isEqualTo(Duration.ofMillis(500));
    now[0] += TimeUnit.MILLISECONDS.toNanos(500);
    assertThat(limit.take("a")).isNull();
    for (int i = 0; i < RateLimit.MAX_CALLERS; i++) {
      limit.take("other " + i);
    }
    assertThat(limit.take("a")).isNull();
  }
}
