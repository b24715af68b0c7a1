package io.restpipe.auth.identity;

import io.restpipe.auth.identity.CertificateRecord.State;
import io.restpipe.auth.identity.JoinTokens.Redemption;
import io.restpipe.security.Enrollment;
import io.restpipe.security.EnrollmentException;
import io.restpipe.security.EnrollmentException.Reason;
import io.restpipe.security.IdentityException;
import io.restpipe.security.IssuedCertificate;
import io.restpipe.security.PassphraseSource;
import io.restpipe.security.PeerName;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets clients join by token, and renews their certificates, with an authority in a folder. Other
 * processes may work with that folder and with the tokens at the same time; what they change counts
 * at once.
 *
 * <p>Attempts with a token that are refused are limited: 10 a minute for each address (of IPv6,
 * each /64), and 300 a minute in all. Renewals are limited to 6 a minute for each certificate, and
 * 300 for each name.
 */
public final class TokenEnrollment implements Enrollment {

  private static final Logger log = LoggerFactory.getLogger(TokenEnrollment.class);

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int PER_ADDRESS = 10;
  private static final int IN_ALL = 300;
  private static final int RENEWALS = 6;
  private static final String ALL = "";

  private final LiveAuthority authority;
  private final JoinTokens tokens;
  private final SecurityLog securityLog;
  private final InstantSource clock;
  private final AttemptLimit perAddress;
  private final AttemptLimit inAll;
  private final AttemptLimit renewals;
  private final AttemptLimit renewalsOfName;

  /**
   * @param authority the authority's folder
   * @param passphrases for its key, where that is encrypted
   * @param tokens the tokens that are taken
   * @param securityLog hears of each token used or refused, and of each certificate
   * @throws IdentityException if there is no authority that can sign
   */
  public TokenEnrollment(
      Path authority, PassphraseSource passphrases, JoinTokens tokens, SecurityLog securityLog) {
    this(authority, passphrases, tokens, securityLog, InstantSource.system(), System::nanoTime);
  }

  TokenEnrollment(
      Path authority,
      PassphraseSource passphrases,
      JoinTokens tokens,
      SecurityLog securityLog,
      InstantSource clock,
      LongSupplier nanoTime) {
    this.authority = new LiveAuthority(authority, passphrases, clock);
    this.tokens = tokens;
    this.securityLog = securityLog;
    this.clock = clock;
    this.perAddress = new AttemptLimit(PER_ADDRESS, MINUTE, nanoTime);
    this.inAll = new AttemptLimit(IN_ALL, MINUTE, nanoTime);
    this.renewals = new AttemptLimit(RENEWALS, MINUTE, nanoTime);
    this.renewalsOfName = new AttemptLimit(IN_ALL, MINUTE, nanoTime);
    this.authority.get();
    this.authority.keepListsFresh();
  }

  @Override
  public List<X509Certificate> trustAnchors() throws EnrollmentException {
    try {
      return authority.get().trustAnchors();
    } catch (IdentityException e) {
      throw unavailable(e);
    }
  }

  @Override
  public IssuedCertificate join(String token, byte[] request, @Nullable InetSocketAddress from)
      throws EnrollmentException {
    int dot = token.indexOf('.');
    String id = dot == 8 ? token.substring(0, dot) : "";
    String secret = token.substring(dot + 1);
    // Whatever it is, the log gets no more of it than an id can be.
    String shownId = id.matches("[0-9a-f]{8}") ? id : "malformed";
    try {
      IssuedCertificate issued = joinLimited(id, secret, request, from);
      String name = PeerName.of(issued.certificate()).orElseThrow();
      tell(event(SecurityEventKind.TOKEN_USED, from).peer(name).with(Field.TOKEN_ID, shownId));
      tell(
          event(SecurityEventKind.IDENTITY_ISSUED, from)
              .peer(name)
              .with(Field.TOKEN_ID, shownId)
              .with(Field.SERIAL, serial(issued.certificate())));
      return issued;
    } catch (EnrollmentException e) {
      tell(
          event(SecurityEventKind.TOKEN_REFUSED, from)
              .with(Field.TOKEN_ID, shownId)
              .reason(e.reason().toString())
              .with(Field.MESSAGE, e.getMessage()));
      throw e;
    }
  }

  private IssuedCertificate joinLimited(
      String id, String secret, byte[] request, @Nullable InetSocketAddress from)
      throws EnrollmentException {
    String address = network(from);
    if (!perAddress.take(address)) {
      throw tooMany("too many failed attempts to join from this address: try again in a minute");
    }
    if (!inAll.take(ALL)) {
      perAddress.giveBack(address);
      throw tooMany("too many failed attempts to join this server: try again in a minute");
    }
    IssuedCertificate issued = join(id, secret, request);
    perAddress.giveBack(address);
    inAll.giveBack(ALL);
    return issued;
  }

  private static EnrollmentException tooMany(String sentence) {
    return new EnrollmentException(Reason.TOO_MANY_REQUESTS, sentence);
  }

  private IssuedCertificate join(String id, String secret, byte[] request)
      throws EnrollmentException {
    try {
      // A request that is refused does not use the token up.
      JoinToken token = accepted(tokens.look(id, secret));
      Issuance issuance = Issuance.client(token.client()).validFor(token.lifetime());
      SigningRequest.parse(request).require(issuance);
      CertificateAuthority signer = authority.get();
      accepted(tokens.redeem(id, secret));
      try {
        IssuedCertificate issued = signer.sign(request, issuance);
        authority.keepListsFresh();
        return issued;
      } catch (IOException | RuntimeException e) {
        tokens.giveBack(id);
        throw e;
      }
    } catch (IOException | IdentityException e) {
      throw unavailable(e);
    }
  }

  private static JoinToken accepted(Redemption redemption) throws EnrollmentException {
    JoinToken token =
        redemption
            .token()
            .orElseThrow(
                () ->
                    new EnrollmentException(
                        Reason.TOKEN_UNKNOWN,
                        "this server does not know the join token: make one on it with rp-server"
                            + " token create"));
    return switch (redemption.state()) {
      case VALID -> token;
      case USED ->
          throw new EnrollmentException(
              Reason.TOKEN_USED,
              "the join token was used already, and is good for %s: make another one with rp-server token create"
                  .formatted(token.uses() == 1 ? "one use" : token.uses() + " uses"));
      case EXPIRED ->
          throw new EnrollmentException(
              Reason.TOKEN_EXPIRED,
              "the join token expired at %s: make another one with rp-server token create"
                  .formatted(token.expires()));
      case REVOKED ->
          throw new EnrollmentException(
              Reason.TOKEN_REVOKED,
              "the join token was revoked: make another one with rp-server token create");
    };
  }

  @Override
  public IssuedCertificate renew(
      X509Certificate current, byte[] request, @Nullable InetSocketAddress from)
      throws EnrollmentException {
    String name = PeerName.of(current).orElse(null);
    try {
      IssuedCertificate issued = renewKnown(current, request);
      tell(
          event(SecurityEventKind.IDENTITY_RENEWED, from)
              .peer(name)
              .with(Field.SERIAL, serial(issued.certificate())));
      return issued;
    } catch (EnrollmentException e) {
      tell(
          event(SecurityEventKind.ACCESS_DENIED, from)
              .peer(name)
              .with(Field.SERIAL, serial(current))
              .with(Field.RULE, "certificate-renewal")
              .reason(e.reason().toString())
              .with(Field.MESSAGE, e.getMessage()));
      throw e;
    }
  }

  private IssuedCertificate renewKnown(X509Certificate current, byte[] request)
      throws EnrollmentException {
    try {
      CertificateRecord record = authority.find(current).orElse(null);
      if (record == null) {
        throw new EnrollmentException(
            Reason.CERTIFICATE_UNKNOWN,
            "this server's authority did not issue the certificate: renew it where it was issued,"
                + " or join with a token");
      }
      State state = record.state(clock.instant());
      if (state == State.REVOKED) {
        throw new EnrollmentException(
            Reason.CERTIFICATE_REVOKED, "the certificate of " + record.name() + " is revoked");
      }
      if (state == State.EXPIRED) {
        throw new EnrollmentException(
            Reason.CERTIFICATE_EXPIRED,
            "the certificate of %s expired at %s: join anew with a token"
                .formatted(record.name(), record.notAfter()));
      }
      // Of a group many machines have one name, but each its own certificate.
      if (!renewals.take(record.serialText()) || !renewalsOfName.take(record.name())) {
        throw tooMany("too many renewals of " + record.name() + ": try again in a minute");
      }
      IssuedCertificate issued = authority.get().sign(request, record.again());
      authority.keepListsFresh();
      return issued;
    } catch (IOException | IdentityException e) {
      throw unavailable(e);
    }
  }

  private static EnrollmentException unavailable(Exception e) {
    // The log is for the operator; the one who asked learns nothing of the server's files.
    log.error("the authority can't work: {}", e.getMessage());
    return new EnrollmentException(
        Reason.UNAVAILABLE, "the server's authority can't work now: its log says why", e);
  }

  /** Whoever has one address of an IPv6 network has them all. */
  private static String network(@Nullable InetSocketAddress from) {
    InetAddress address = from == null ? null : from.getAddress();
    if (address == null) {
      return "unknown";
    }
    byte[] bytes = address.getAddress();
    return HexFormat.of().formatHex(Arrays.copyOf(bytes, bytes.length == 16 ? 8 : bytes.length));
  }

  private static String serial(X509Certificate certificate) {
    return CertificateRecord.serialText(certificate.getSerialNumber());
  }

  private static SecurityEvent.Builder event(
      SecurityEventKind kind, @Nullable InetSocketAddress from) {
    return SecurityEvent.builder(kind).from(from);
  }

  private void tell(SecurityEvent.Builder event) {
    securityLog.log(event.build());
  }
}
