package io.restpipe.auth.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restpipe.security.CertificateCheck;
import io.restpipe.security.CertificateRequest;
import io.restpipe.security.EnrollmentException;
import io.restpipe.security.EnrollmentException.Reason;
import io.restpipe.security.Identity;
import io.restpipe.security.IssuedCertificate;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PassphraseSource;
import io.restpipe.security.PeerName;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenEnrollmentTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir private Path folder;
  private final SteppedClock clock =
      new SteppedClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  private final RecordedEvents events = new RecordedEvents();
  private Path ca = Path.of("");
  private JoinTokens tokens = JoinTokens.in(Path.of(""));
  private TokenEnrollment enrollment;

  @BeforeEach
  void make_an_authority() throws IOException {
    ca = folder.resolve("ca");
    CertificateAuthority.init(ca, AuthorityOptions.named("our CA"), clock);
    tokens = JoinTokens.in(folder.resolve("server"), clock);
    enrollment =
        new TokenEnrollment(ca, PassphraseSource.NONE, tokens, events, clock, clock::nanoTime);
  }

  private String token(String client) throws IOException {
    return text(tokens.create(client, HOUR, 1, DAY));
  }

  private static String text(JoinTokens.Created created) {
    return created.token().id() + "." + created.secret();
  }

  private static InetSocketAddress from(String address) {
    try {
      return new InetSocketAddress(InetAddress.getByName(address), 4711);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private IssuedCertificate join(String token, CertificateRequest request)
      throws EnrollmentException {
    return enrollment.join(token, request.encoded(), from("192.0.2.7"));
  }

  private void assertRefused(ThrowingCallable what, Reason reason) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(
            EnrollmentException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void whoever_has_the_token_gets_a_certificate_for_the_name_in_it() throws Exception {
    CertificateRequest request = CertificateRequest.make("edge");
    String token = token("edge");

    IssuedCertificate issued = join(token, request);

    assertThat(PeerName.of(issued.certificate())).contains("edge");
    assertThat(Identity.fits(request.privateKey(), issued.certificate().getPublicKey())).isTrue();
    assertThat(issued.trustAnchors()).isEqualTo(enrollment.trustAnchors());
    assertThat(
            new CertificateCheck(issued.trustAnchors(), NodeRole.CLIENT, clock.instant())
                .problems(issued.chain()))
        .isEmpty();
    assertThat(issued.certificate().getNotAfter()).isEqualTo(clock.instant().plus(DAY));
    assertThat(events.kinds())
        .containsExactly(SecurityEventKind.TOKEN_USED, SecurityEventKind.IDENTITY_ISSUED);
    assertThat(events.last(Field.TOKEN_ID)).isEqualTo(token.substring(0, 8));
    assertThat(events.text()).doesNotContain(token.substring(9));
    assertThat(Files.readString(folder.resolve("server/join-tokens.txt")))
        .doesNotContain(token.substring(9));
  }

  @Test
  void a_token_is_used_once() throws Exception {
    String token = token("edge");
    join(token, CertificateRequest.make());

    assertRefused(() -> join(token, CertificateRequest.make()), Reason.TOKEN_USED);

    assertThat(events.kinds()).endsWith(SecurityEventKind.TOKEN_REFUSED);
    assertThat(events.last(Field.REASON)).isEqualTo("token-used");
    assertThat(CertificateRegister.open(ca, PassphraseSource.NONE).all()).hasSize(1);
  }

  @Test
  void a_token_may_be_good_for_several_uses() throws Exception {
    String token = text(tokens.create("edge", HOUR, 2, DAY));

    join(token, CertificateRequest.make());
    join(token, CertificateRequest.make());

    assertRefused(() -> join(token, CertificateRequest.make()), Reason.TOKEN_USED);
  }

  @Test
  void of_two_at_once_never_both_succeed() throws Exception {
    var threads = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 5; round++) {
        String token = token("edge");
        Callable<Boolean> join =
            () -> {
              try {
                // Another process has another object for the same file.
                new TokenEnrollment(
                        ca, PassphraseSource.NONE, JoinTokens.in(folder.resolve("server")), events)
                    .join(token, CertificateRequest.make().encoded(), null);
                return true;
              } catch (EnrollmentException e) {
                assertThat(e.reason()).isEqualTo(Reason.TOKEN_USED);
                return false;
              }
            };
        int joined = 0;
        for (Future<Boolean> one : threads.invokeAll(List.of(join, join, join, join))) {
          joined += one.get() ? 1 : 0;
        }
        assertThat(joined).isEqualTo(1);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void a_token_expires_and_can_be_revoked_and_that_is_told_apart() throws Exception {
    String expiring = token("edge");
    String revoked = token("edge");

    assertThat(tokens.revoke(revoked.substring(0, 8))).isTrue();
    assertThat(tokens.revoke("00000000")).isFalse();
    assertRefused(() -> join(revoked, CertificateRequest.make()), Reason.TOKEN_REVOKED);
    clock.advance(HOUR);
    assertRefused(() -> join(expiring, CertificateRequest.make()), Reason.TOKEN_EXPIRED);
    assertThat(tokens.all())
        .extracting(token -> token.state(clock.instant()))
        .containsExactly(JoinToken.State.EXPIRED, JoinToken.State.REVOKED);

    // A week later it is forgotten, at the latest when the next one is made.
    clock.advance(Duration.ofDays(8));
    token("edge");
    assertThat(tokens.all()).hasSize(1);
    assertRefused(() -> join(expiring, CertificateRequest.make()), Reason.TOKEN_UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "x", "00000000.", "00000000.x", "\n.\u0000", "a.b.c"})
  void what_is_no_token_is_unknown_and_never_reaches_the_log(String text) {
    assertRefused(() -> join(text, CertificateRequest.make()), Reason.TOKEN_UNKNOWN);

    assertThat(events.kinds()).containsExactly(SecurityEventKind.TOKEN_REFUSED);
    assertThat(events.last(Field.TOKEN_ID)).isIn("malformed", "00000000");
  }

  @Test
  void another_secret_for_a_token_that_is_there_is_as_unknown_as_any() throws Exception {
    String token = token("edge");
    String altered = token.substring(0, token.length() - 1) + (token.endsWith("0") ? "1" : "0");

    assertThatThrownBy(() -> join(altered, CertificateRequest.make()))
        .hasMessageStartingWith("this server does not know the join token");
    assertThat(join(token, CertificateRequest.make())).isNotNull();
  }

  @Test
  void a_request_that_is_refused_does_not_use_the_token_up() throws Exception {
    String token = token("edge");

    assertRefused(() -> join(token, CertificateRequest.make("another")), Reason.REQUEST_REFUSED);
    assertRefused(
        () -> enrollment.join(token, new byte[] {1, 2, 3}, null), Reason.REQUEST_MALFORMED);

    assertThat(join(token, CertificateRequest.make("edge"))).isNotNull();
  }

  @Test
  void guessing_is_limited_for_an_address_and_not_for_another() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertRefused(() -> join("00000000.x", CertificateRequest.make()), Reason.TOKEN_UNKNOWN);
    }
    String token = token("edge");

    assertRefused(() -> join(token, CertificateRequest.make()), Reason.TOO_MANY_REQUESTS);
    assertThat(enrollment.join(token, CertificateRequest.make().encoded(), from("192.0.2.8")))
        .isNotNull();
    clock.advance(Duration.ofSeconds(7));
    assertRefused(() -> join("00000000.x", CertificateRequest.make()), Reason.TOKEN_UNKNOWN);
    assertRefused(() -> join("00000000.x", CertificateRequest.make()), Reason.TOO_MANY_REQUESTS);
  }

  @Test
  void guessing_is_limited_in_all_and_one_network_counts_as_one() {
    byte[] request = CertificateRequest.make().encoded();
    List<Reason> reasons = new ArrayList<>();
    for (int i = 0; i < 320; i++) {
      try {
        enrollment.join("00000000.x", request, from("2001:db8:0:" + i + "::1"));
      } catch (EnrollmentException e) {
        reasons.add(e.reason());
      }
    }
    assertThat(reasons.subList(0, 300)).containsOnly(Reason.TOKEN_UNKNOWN);
    assertThat(reasons.subList(300, 320)).containsOnly(Reason.TOO_MANY_REQUESTS);

    clock.advance(Duration.ofMinutes(1));
    for (int i = 0; i < 11; i++) {
      String address = "2001:db8:1:1::" + i;
      assertRefused(
          () -> enrollment.join("00000000.x", request, from(address)),
          address.endsWith("::10") ? Reason.TOO_MANY_REQUESTS : Reason.TOKEN_UNKNOWN);
    }
  }

  @Test
  void many_machines_behind_one_address_may_join() throws Exception {
    String token = text(tokens.create("edge", HOUR, 100, DAY));
    byte[] request = CertificateRequest.make().encoded();

    for (int i = 0; i < 20; i++) {
      assertThat(enrollment.join(token, request, from("192.0.2.7"))).isNotNull();
    }
  }

  @Test
  void a_certificate_is_renewed_for_the_same_name_and_time_and_another_key() throws Exception {
    IssuedCertificate first = join(token("edge"), CertificateRequest.make());
    clock.advance(Duration.ofHours(16));
    CertificateRequest request = CertificateRequest.make("edge");

    IssuedCertificate second = enrollment.renew(first.certificate(), request.encoded(), null);

    assertThat(PeerName.of(second.certificate())).contains("edge");
    assertThat(Identity.fits(request.privateKey(), second.certificate().getPublicKey())).isTrue();
    assertThat(second.certificate().getNotAfter()).isEqualTo(clock.instant().plus(DAY));
    // What is backdated does not add up.
    assertThat(lifetime(second.certificate())).isEqualTo(lifetime(first.certificate()));
    assertThat(events.kinds()).endsWith(SecurityEventKind.IDENTITY_RENEWED);
  }

  private static Duration lifetime(X509Certificate certificate) {
    return Duration.between(
        certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
  }

  @Test
  void a_certificate_that_is_over_revoked_or_of_another_authority_is_not_renewed()
      throws Exception {
    X509Certificate expiring = join(token("edge"), CertificateRequest.make()).certificate();
    X509Certificate revoked = join(token("gone"), CertificateRequest.make()).certificate();
    var other = CertificateAuthority.inMemory("our CA intermediate", clock);
    X509Certificate foreign = other.identity("edge", NodeRole.CLIENT).certificate();
    byte[] request = CertificateRequest.make().encoded();

    CertificateRegister.open(ca, PassphraseSource.NONE)
        .revoke("gone", RevocationReason.KEY_COMPROMISE);
    assertRefused(() -> enrollment.renew(revoked, request, null), Reason.CERTIFICATE_REVOKED);
    assertRefused(() -> enrollment.renew(foreign, request, null), Reason.CERTIFICATE_UNKNOWN);
    assertRefused(
        () -> enrollment.renew(expiring, CertificateRequest.make("gone").encoded(), null),
        Reason.REQUEST_REFUSED);
    clock.advance(DAY.plusSeconds(1));
    assertRefused(() -> enrollment.renew(expiring, request, null), Reason.CERTIFICATE_EXPIRED);

    assertThat(events.kinds()).endsWith(SecurityEventKind.ACCESS_DENIED);
    assertThat(events.last(Field.REASON)).isEqualTo("certificate-expired");
    assertThat(events.last(Field.PEER)).isEqualTo("edge");
  }

  @Test
  void a_client_that_renews_all_the_time_is_slowed_down() throws Exception {
    X509Certificate current = join(token("edge"), CertificateRequest.make()).certificate();
    byte[] request = CertificateRequest.make().encoded();
    for (int i = 0; i < 6; i++) {
      enrollment.renew(current, request, null);
    }

    assertRefused(() -> enrollment.renew(current, request, null), Reason.TOO_MANY_REQUESTS);
    clock.advance(Duration.ofMinutes(1));
    assertThat(enrollment.renew(current, request, null)).isNotNull();
  }

  @Test
  void an_authority_that_can_not_sign_gives_the_token_back() throws Exception {
    String token = token("edge");
    Path index = ca.resolve("issued/index.txt");
    Files.createDirectory(index);

    assertRefused(() -> join(token, CertificateRequest.make()), Reason.UNAVAILABLE);
    Files.delete(index);

    assertThat(join(token, CertificateRequest.make())).isNotNull();
  }

  @Test
  void the_lists_of_revoked_certificates_are_kept_fresh() throws Exception {
    Path lists = ca.resolve("ca.crl.pem");
    byte[] first = Files.readAllBytes(lists);
    X509Certificate current = join(token("edge"), CertificateRequest.make()).certificate();
    assertThat(lists).hasBinaryContent(first);

    Files.delete(lists);
    clock.advance(HOUR);
    X509Certificate next =
        enrollment.renew(current, CertificateRequest.make().encoded(), null).certificate();
    byte[] second = Files.readAllBytes(lists);
    assertThat(second).isNotEmpty();

    clock.advance(HOUR);
    enrollment.renew(next, CertificateRequest.make().encoded(), null);
    assertThat(lists).hasBinaryContent(second);
  }

  @Test
  void a_new_root_counts_at_once_and_the_old_certificates_are_renewed_under_it() throws Exception {
    X509Certificate old = join(token("edge"), CertificateRequest.make()).certificate();

    CertificateRegister.open(ca, ca, PassphraseSource.NONE, clock)
        .beginRollover(AuthorityOptions.named("our CA G2"));

    assertThat(enrollment.trustAnchors()).hasSize(2);
    IssuedCertificate renewed = enrollment.renew(old, CertificateRequest.make().encoded(), null);
    assertThat(renewed.certificate().getIssuerX500Principal().getName())
        .isEqualTo("CN=our CA G2 intermediate");
    assertThat(renewed.trustAnchors()).hasSize(2);
  }
}
