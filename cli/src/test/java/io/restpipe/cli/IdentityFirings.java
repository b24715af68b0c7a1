package io.restpipe.cli;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.auth.identity.JoinTokens;
import io.restpipe.auth.identity.TokenEnrollment;
import io.restpipe.node.ClientNode;
import io.restpipe.node.ServerNode;
import io.restpipe.security.CertificateRequest;
import io.restpipe.security.EnrollmentException;
import io.restpipe.security.IssuedCertificate;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PassphraseSource;
import io.restpipe.security.Revoked;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Makes an authority with its tokens, and a server, tell of certificates. */
final class IdentityFirings {

  private static final InetSocketAddress FROM = new InetSocketAddress("192.0.2.7", 40_001);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  static final Map<SecurityEventKind, SecurityEventsPageTest.Firing> ALL = all();

  private IdentityFirings() {}

  private static Map<SecurityEventKind, SecurityEventsPageTest.Firing> all() {
    var all =
        new EnumMap<SecurityEventKind, SecurityEventsPageTest.Firing>(SecurityEventKind.class);
    all.put(SecurityEventKind.TOKEN_USED, log -> enrolling(log, Enrolling::join));
    all.put(SecurityEventKind.IDENTITY_ISSUED, log -> enrolling(log, Enrolling::join));
    all.put(SecurityEventKind.TOKEN_REFUSED, log -> enrolling(log, Enrolling::joinTwice));
    all.put(SecurityEventKind.IDENTITY_RENEWED, log -> enrolling(log, Enrolling::renew));
    all.put(SecurityEventKind.IDENTITY_REVOKED, IdentityFirings::revokes);
    return all;
  }

  private interface Step {
    void run(Enrolling enrolling) throws Exception;
  }

  private static void enrolling(SecurityLog log, Step step) throws Exception {
    try (ScratchFolder folder = ScratchFolder.make()) {
      Path authority = folder.path().resolve("ca");
      CertificateAuthority.init(authority, "Test CA");
      JoinTokens tokens = JoinTokens.in(folder.path().resolve("server"));
      JoinTokens.Created token = tokens.create("alpha", Duration.ofHours(1), 1, Duration.ofDays(1));
      step.run(
          new Enrolling(
              new TokenEnrollment(authority, PassphraseSource.NONE, tokens, log),
              token.token().id() + "." + token.secret()));
    }
  }

  /** A machine with a token. */
  private record Enrolling(TokenEnrollment enrollment, String token) {

    IssuedCertificate join() throws EnrollmentException {
      return enrollment.join(token, CertificateRequest.make("alpha").encoded(), FROM);
    }

    void joinTwice() throws EnrollmentException {
      join();
      try {
        join();
        throw new AssertionError("a token was good twice");
      } catch (EnrollmentException refused) {
        // That is what is to be told.
      }
    }

    void renew() throws EnrollmentException {
      enrollment.renew(join().certificate(), CertificateRequest.make("alpha").encoded(), FROM);
    }
  }

  private static void revokes(SecurityLog log) throws Exception {
    CertificateAuthority authority = CertificateAuthority.inMemory("Test CA");
    var revoked = new AtomicReference<Optional<Revoked>>(Optional.empty());
    try (ServerNode server =
            ServerNode.builder(authority.identity("localhost", NodeRole.SERVER))
                .bind("127.0.0.1", 0)
                .revocations(chain -> revoked.get())
                .hardShutdownInterval(Duration.ofMillis(200))
                .securityLog(log)
                .start();
        ClientNode client =
            ClientNode.builder(authority.identity("alpha", NodeRole.CLIENT))
                .server("localhost", server.address().getPort())
                .hardShutdownInterval(Duration.ofMillis(200))
                .start()) {
      client.awaitConnected(PATIENCE);
      var theirs = authority.identity("alpha", NodeRole.CLIENT).certificate();
      revoked.set(
          Optional.of(
              new Revoked(theirs, Instant.now().minus(Duration.ofDays(3)), "keyCompromise")));
      server.reloadIdentity();
    }
  }
}
