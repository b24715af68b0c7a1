package io.restpipe.auth.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.restpipe.auth.internal.JsonText;
import io.restpipe.auth.jwt.JwtException.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys from an issuer on a real socket, which changes its keys, lies, and goes away. */
class RemoteKeySetTest {

  private static final SigningKey FIRST = SigningKey.generate(JwsAlgorithm.ES256);
  private static final SigningKey SECOND = SigningKey.generate(JwsAlgorithm.ES256);

  private final AtomicReference<Instant> time =
      new AtomicReference<>(Instant.ofEpochSecond(1_800_000_000L));
  private final Map<String, String> pages = new ConcurrentHashMap<>();
  private final AtomicInteger fetches = new AtomicInteger();
  private HttpServer server;
  private String base;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    base = "http://127.0.0.1:" + server.getAddress().getPort();
    server.createContext(
        "/",
        exchange -> {
          fetches.incrementAndGet();
          String page = pages.get(exchange.getRequestURI().getPath());
          byte[] body = (page == null ? "" : page).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(
              page == null ? 500 : 200, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    publish(FIRST);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void publish(SigningKey... keys) {
    pages.put("/jwks", JsonText.of(SigningKeyFile.jwks(List.of(keys))));
  }

  private RemoteKeySet keys() {
    return RemoteKeySet.at(URI.create(base + "/jwks"))
        .allowPlainLoopback()
        .clock(time::get)
        .build();
  }

  private JwtVerifier verifier(RemoteKeySet keys) {
    return JwtVerifier.trusting(TrustedIssuer.of(keys).build()).clock(time::get).build();
  }

  private String token(SigningKey key) {
    return JwtIssuer.signingWith(key)
        .lifetime(Duration.ofDays(10))
        .clock(time::get)
        .build()
        .issue("ann")
        .token();
  }

  private void step(Duration by) {
    time.updateAndGet(now -> now.plus(by));
  }

  private static void assertRefused(JwtVerifier verifier, String token, Reason reason) {
    assertThatThrownBy(() -> verifier.verify(token))
        .isInstanceOfSatisfying(
            JwtException.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  @Test
  void keys_are_fetched_once_and_again_for_a_kid_that_is_new() throws Exception {
    JwtVerifier verifier = verifier(keys());
    verifier.verify(token(FIRST));
    verifier.verify(token(FIRST));
    assertThat(fetches).hasValue(1);

    publish(FIRST, SECOND);
    step(Duration.ofSeconds(30));
    verifier.verify(token(SECOND));
    assertThat(fetches).hasValue(2);
  }

  @Test
  void random_kids_do_not_make_us_fetch() throws Exception {
    JwtVerifier verifier = verifier(keys());
    verifier.verify(token(FIRST));
    for (int i = 0; i < 20; i++) {
      assertRefused(verifier, token(SigningKey.generate(JwsAlgorithm.ES256)), Reason.KEY_UNKNOWN);
    }
    assertThat(fetches).hasValue(1);
  }

  @Test
  void an_issuer_that_is_away_is_lived_with_for_a_day() throws Exception {
    JwtVerifier verifier = verifier(keys());
    verifier.verify(token(FIRST));
    pages.clear();
    step(Duration.ofHours(23));
    verifier.verify(token(FIRST));
    step(Duration.ofHours(2));

    assertRefused(verifier, token(FIRST), Reason.KEYS_UNAVAILABLE);
    publish(FIRST);
    step(Duration.ofSeconds(30));
    verifier.verify(token(FIRST));
  }

  @Test
  void without_any_keys_nobody_is_refused_or_let_in() {
    pages.clear();

    assertRefused(verifier(keys()), token(FIRST), Reason.KEYS_UNAVAILABLE);
  }

  @Test
  void a_key_that_is_taken_out_is_believed_no_more() throws Exception {
    JwtVerifier verifier = verifier(keys());
    String token = token(FIRST);
    verifier.verify(token);
    publish(SECOND);
    step(Duration.ofMinutes(6));

    Awaitility.await()
        .untilAsserted(
            () -> {
              // What was verified before is answered from memory until the keys are fetched.
              verifier.verify(token(SECOND));
              assertRefused(verifier, token, Reason.KEY_UNKNOWN);
            });
  }

  @Test
  void a_discovery_document_names_the_keys_of_its_own_issuer() throws Exception {
    pages.put(
        "/.well-known/openid-configuration",
        JsonText.of(Map.of("issuer", base, "jwks_uri", base + "/jwks")));
    verifier(RemoteKeySet.ofIssuer(base).allowPlainLoopback().clock(time::get).build())
        .verify(token(FIRST));

    pages.put(
        "/.well-known/openid-configuration",
        JsonText.of(Map.of("issuer", "https://other.example", "jwks_uri", base + "/jwks")));
    assertRefused(
        verifier(RemoteKeySet.ofIssuer(base).allowPlainLoopback().clock(time::get).build()),
        token(FIRST),
        Reason.KEYS_UNAVAILABLE);
    pages.put(
        "/.well-known/openid-configuration",
        JsonText.of(Map.of("issuer", base, "jwks_uri", base.replace("127.0.0.1", "localhost"))));
    assertRefused(
        verifier(RemoteKeySet.ofIssuer(base).allowPlainLoopback().clock(time::get).build()),
        token(FIRST),
        Reason.KEYS_UNAVAILABLE);
  }

  @Test
  void secrets_and_weak_keys_in_a_public_set_are_passed_over() throws Exception {
    byte[] secret = new byte[32];
    pages.put(
        "/jwks",
        JsonText.of(
            Map.of(
                "keys",
                List.of(
                    Map.of("kty", "oct", "k", RawTokens.encode(secret), "alg", "HS256"),
                    FIRST.publicJwk().orElseThrow()))));
    JwtVerifier verifier = verifier(keys());
    verifier.verify(token(FIRST));

    assertThatThrownBy(
            () ->
                verifier.verify(RawTokens.hmac("{\"alg\":\"HS256\"}", "{\"sub\":\"ann\"}", secret)))
        .isInstanceOf(JwtException.class);
  }

  @Test
  void a_damaged_key_spoils_only_itself() throws Exception {
    pages.put(
        "/jwks",
        JsonText.of(
            Map.of(
                "keys",
                List.of(
                    Map.of("kty", "EC", "crv", "P-256", "x", "AA", "y", "AA"),
                    Map.of("kty", "OKP", "crv", "Ed25519", "x", RawTokens.encode(new byte[32])),
                    Map.of("kty", "RSA"),
                    FIRST.publicJwk().orElseThrow()))));

    assertThat(verifier(keys()).verify(token(FIRST)).subject()).contains("ann");
  }

  @Test
  void a_key_that_is_replaced_under_its_own_name_is_believed_no_more() throws Exception {
    JwtVerifier verifier = verifier(keys());
    String token = token(FIRST);
    verifier.verify(token);
    var other = new HashMap<>(SECOND.publicJwk().orElseThrow());
    other.put("kid", FIRST.id().orElseThrow());
    pages.put("/jwks", JsonText.of(Map.of("keys", List.of(other))));
    step(Duration.ofMinutes(6));

    Awaitility.await()
        .untilAsserted(() -> assertRefused(verifier, token, Reason.SIGNATURE_INVALID));
  }

  /** It would keep the thread that fetches keys, and nobody would ever fetch them again. */
  @Test
  void an_issuer_that_never_ends_its_answer_is_given_up() throws Exception {
    var stop = new CountDownLatch(1);
    var endless = new AtomicBoolean(true);
    server.createContext(
        "/endless",
        exchange -> {
          byte[] body = pages.get("/jwks").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body, 0, endless.get() ? 1 : body.length);
          exchange.getResponseBody().flush();
          try {
            if (endless.get()) {
              stop.await();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    try {
      RemoteKeySet keys =
          RemoteKeySet.at(URI.create(base + "/endless"))
              .allowPlainLoopback()
              .timeout(Duration.ofMillis(200))
              .clock(time::get)
              .build();
      JwtVerifier verifier = verifier(keys);
      long begun = System.nanoTime();
      assertRefused(verifier, token(FIRST), Reason.KEYS_UNAVAILABLE);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));

      endless.set(false);
      stop.countDown();
      step(Duration.ofSeconds(2));
      assertThat(verifier.verify(token(FIRST)).subject()).contains("ann");
    } finally {
      stop.countDown();
    }
  }

  @Test
  void too_much_and_nonsense_are_no_keys() {
    for (String page : List.of("x".repeat(300 << 10), "{}", "[]", "{\"keys\":[]}", "<html>")) {
      pages.put("/jwks", page);
      assertRefused(verifier(keys()), token(FIRST), Reason.KEYS_UNAVAILABLE);
    }
  }

  @Test
  void keys_are_fetched_over_https_only() {
    for (String uri : List.of("http://login.example.org/jwks", "file:///etc/passwd", base)) {
      assertThatThrownBy(() -> RemoteKeySet.at(URI.create(uri)).build())
          .hasMessageStartingWith("keys are fetched over https:// only");
    }
    assertThatThrownBy(
            () ->
                RemoteKeySet.at(URI.create("http://login.example.org/jwks"))
                    .allowPlainLoopback()
                    .build())
        .isInstanceOf(IllegalArgumentException.class);
  }
}
