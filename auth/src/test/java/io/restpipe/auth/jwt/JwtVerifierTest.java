package io.restpipe.auth.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restpipe.auth.jwt.JwtException.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JwtVerifierTest {

  private static final SigningKey KEY = SigningKey.generate(JwsAlgorithm.ES256);

  private final AtomicReference<Instant> time =
      new AtomicReference<>(Instant.ofEpochSecond(1_800_000_000L));
  private final InstantSource clock = time::get;
  private final JwtIssuer issuer =
      JwtIssuer.signingWith(KEY)
          .name("login")
          .audience(List.of("api"))
          .lifetime(Duration.ofMinutes(10))
          .clock(clock)
          .build();
  private final TrustedIssuer trusted =
      TrustedIssuer.of(KeySet.of(KEY.verification())).name("login").audience("api").build();

  @TempDir private Path folder;

  private JwtVerifier verifier() {
    return JwtVerifier.trusting(trusted).clock(clock).build();
  }

  private static void assertRefused(JwtVerifier verifier, String token, Reason reason) {
    assertThatThrownBy(() -> verifier.verify(token))
        .isInstanceOfSatisfying(
            JwtException.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  private void step(Duration by) {
    time.updateAndGet(now -> now.plus(by));
  }

  @Test
  void says_what_the_issuer_said() throws JwtException {
    var issued = issuer.issue("ann", Map.of("roles", List.of("admin", "user"), "scope", "a b"));

    VerifiedJwt token = verifier().verify(issued.token());

    assertThat(token.subject()).contains("ann");
    assertThat(token.issuer()).contains("login");
    assertThat(token.audience()).containsExactly("api");
    assertThat(token.words("roles")).containsExactly("admin", "user");
    assertThat(token.words("scope")).containsExactly("a", "b");
    assertThat(token.id()).contains(issued.id());
    assertThat(token.keyId()).isEqualTo(KEY.id());
    assertThat(token.expiresAt()).contains(time.get().plus(Duration.ofMinutes(10)));
    assertThat(issued.toString() + token).doesNotContain(issued.token());
  }

  @Test
  void a_remembered_token_expires_like_any_other() throws JwtException {
    JwtVerifier verifier = verifier();
    String token = issuer.issue("ann").token();
    verifier.verify(token);

    step(Duration.ofMinutes(10).plusSeconds(29));
    assertThat(verifier.known(token)).isPresent();
    step(Duration.ofSeconds(1));

    assertRefused(verifier, token, Reason.EXPIRED);
  }

  @Test
  void a_remembered_token_can_be_withdrawn() throws Exception {
    try (var denials = FileDenialList.open(folder.resolve("denied"), clock)) {
      var verifier = JwtVerifier.trusting(trusted).clock(clock).denials(denials).build();
      var issued = issuer.issue("ann");
      verifier.verify(issued.token());

      denials.deny(issued.id(), issued.expiresAt());

      assertRefused(verifier, issued.token(), Reason.DENIED);
    }
  }

  @Test
  void a_withdrawal_outlives_a_restart_and_reaches_another_process() throws Exception {
    Path file = folder.resolve("denied");
    var issued = issuer.issue("ann");
    try (var denials = FileDenialList.open(file, clock)) {
      denials.deny(issued.id(), issued.expiresAt());
    }

    try (var denials = FileDenialList.open(file, clock)) {
      assertThat(denials.isDenied(issued.id())).isTrue();
      assertThat(denials.isDenied("another")).isFalse();
    }
    assertThat(FileDenialList.follow(file).isDenied(issued.id())).isTrue();
    assertThat(Files.readString(file)).doesNotContain(issued.id());
  }

  @Test
  void withdrawals_are_forgotten_when_the_tokens_have_expired() throws Exception {
    Path file = folder.resolve("denied");
    try (var denials = FileDenialList.open(file, clock)) {
      for (int i = 0; i < 1500; i++) {
        denials.deny("old" + i, time.get().plusSeconds(1));
      }
      step(Duration.ofHours(1));
      for (int i = 0; i < 600; i++) {
        denials.deny("new" + i, time.get().plusSeconds(60));
      }

      assertThat(Files.readAllLines(file)).hasSizeLessThan(2101);
    }
    try (var denials = FileDenialList.open(file, clock)) {
      assertThat(denials.isDenied("new599")).isTrue();
      assertThat(denials.isDenied("old1")).isFalse();
    }
  }

  @Test
  void a_line_that_a_crash_cut_off_is_passed_over() throws Exception {
    Path file = folder.resolve("denied");
    Files.writeString(file, "not a line\n9999999999 ");
    try (var denials = FileDenialList.open(file, clock)) {
      denials.deny("a", time.get().plusSeconds(60));
    }
    try (var denials = FileDenialList.open(file, clock)) {
      assertThat(denials.isDenied("a")).isTrue();
    }
  }

  @Test
  void leeway_holds_for_both_ends() throws JwtException {
    var verifier = JwtVerifier.trusting(trusted).clock(clock).leeway(Duration.ofSeconds(5)).build();
    step(Duration.ofSeconds(5));
    String early = issuer.issue("ann").token();
    step(Duration.ofSeconds(-5));
    assertThat(verifier.verify(early).subject()).contains("ann");
    step(Duration.ofSeconds(-1));
    assertRefused(verifier, early, Reason.NOT_YET_VALID);
  }

  @Test
  void a_leeway_of_hours_is_refused() {
    assertThatThrownBy(() -> JwtVerifier.trusting(trusted).leeway(Duration.ofHours(1)))
        .hasMessage("leeway not 0 to 5 minutes: PT1H");
  }

  @Test
  void a_lifetime_can_be_bounded() {
    var strict =
        TrustedIssuer.of(KeySet.of(KEY.verification())).maxLifetime(Duration.ofMinutes(5)).build();
    var verifier = JwtVerifier.trusting(strict).clock(clock).build();

    assertRefused(verifier, issuer.issue("ann").token(), Reason.CLAIM_INVALID);
  }

  @Test
  void types_are_for_one_purpose() throws JwtException {
    var access = TrustedIssuer.of(KeySet.of(KEY.verification())).requireType("at+jwt").build();
    var verifier = JwtVerifier.trusting(access).clock(clock).build();
    var at = JwtIssuer.signingWith(KEY).type("AT+JWT").clock(clock).build();
    var application = JwtIssuer.signingWith(KEY).type("application/at+jwt").clock(clock).build();

    assertThat(verifier.verify(at.issue("ann").token()).type()).contains("at+jwt");
    assertThat(verifier.verify(application.issue("ann").token()).type()).contains("at+jwt");
    assertRefused(verifier, issuer.issue("ann").token(), Reason.TYPE_REFUSED);
  }

  @Test
  void each_issuer_has_keys_of_its_own() throws JwtException {
    SigningKey other = SigningKey.generate(JwsAlgorithm.EDDSA);
    var both =
        JwtVerifier.trusting(trusted)
            .trust(TrustedIssuer.of(KeySet.of(other.verification())).name("other").build())
            .clock(clock)
            .build();
    String good =
        JwtIssuer.signingWith(other).name("other").clock(clock).build().issue("bob").token();
    String forged =
        JwtIssuer.signingWith(other).name("login").clock(clock).build().issue("ann").token();
    String unknown =
        JwtIssuer.signingWith(other).name("third").clock(clock).build().issue("ann").token();

    assertThat(both.verify(good).subject()).contains("bob");
    assertThat(both.verify(issuer.issue("ann").token()).subject()).contains("ann");
    assertThatThrownBy(() -> both.verify(forged)).isInstanceOf(JwtException.class);
    assertRefused(both, unknown, Reason.ISSUER_REFUSED);
  }

  @Test
  void several_issuers_need_names() {
    var nameless = TrustedIssuer.of(KeySet.of(KEY.verification())).build();

    assertThatThrownBy(() -> JwtVerifier.trusting(trusted).trust(nameless))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_issuer_itself_says_when_and_who() {
    assertThatThrownBy(() -> issuer.issue("ann", Map.of("exp", 1)))
        .hasMessage("the issuer itself says exp");
  }

  @Test
  void memory_is_bounded() throws JwtException {
    var tokens = new VerifiedTokens(10);
    var jwt = verifier().verify(issuer.issue("ann").token());
    for (int i = 0; i < 1000; i++) {
      tokens.put(VerifiedTokens.Hash.of("t" + i), new VerifiedTokens.Entry(jwt, trusted, 0));
    }

    long kept = 0;
    for (int i = 0; i < 1000; i++) {
      kept += tokens.find(VerifiedTokens.Hash.of("t" + i)) == null ? 0 : 1;
    }
    assertThat(kept).isBetween(5L, 15L);
  }

  @Test
  void stethoscope_tokens_are_understood() throws Exception {
    byte[] secret = "a secret that Stethoscope's config.py has".getBytes(StandardCharsets.UTF_8);
    long now = time.get().getEpochSecond();
    String token =
        RawTokens.hmac(
            "{\"typ\":\"JWT\",\"alg\":\"HS256\"}",
            "{\"iat\":%d,\"nbf\":%d,\"exp\":%d,\"sub\":\"*\"}".formatted(now, now, now + 86400),
            secret);
    var keys = KeySet.of(VerificationKey.secret(JwsAlgorithm.HS256, null, secret));
    var verifier = JwtVerifier.trusting(TrustedIssuer.of(keys).build()).clock(clock).build();

    assertThat(verifier.verify(token).subject()).contains("*");
    assertThat(verifier.verify(token).words("roles")).isEqualTo(Set.of());
  }
}
