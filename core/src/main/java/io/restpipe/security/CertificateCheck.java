package io.restpipe.security;

import io.restpipe.security.CertificateProblem.Kind;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;

/**
 * Whether a certificate is good for a node in its role: dates, the chain to a trust anchor (PKIX
 * without revocation), usage, and a name. All that is wrong is found, not the first thing only.
 */
public final class CertificateCheck {

  private static final String ANY_USAGE = "2.5.29.37.0";
  private static final int MAX_CHAIN = 10;
  private static final int MAX_NAME = 120;

  private final List<X509Certificate> trustAnchors;
  private final NodeRole role;
  private final Instant now;

  /** A check against these authorities, at this time. */
  public CertificateCheck(List<X509Certificate> trustAnchors, NodeRole role, Instant now) {
    this.trustAnchors = List.copyOf(trustAnchors);
    this.role = role;
    this.now = now;
  }

  /**
   * What is wrong; empty where nothing is.
   *
   * @param chain the certificate first, then the intermediates in any order
   */
  public List<CertificateProblem> problems(List<X509Certificate> chain) {
    X509Certificate certificate = chain.get(0);
    List<CertificateProblem> problems = new ArrayList<>();
    dates(certificate).ifPresent(problems::add);
    trust(chain).ifPresent(problems::add);
    usage(certificate).ifPresent(problems::add);
    if (PeerName.of(certificate).isEmpty()) {
      problems.add(
          new CertificateProblem(
              Kind.NO_NAME,
              "has no usable name: no restpipe:// URI, DNS name or common name (%s)"
                  .formatted(name(certificate.getSubjectX500Principal()))));
    }
    return problems;
  }

  private Optional<CertificateProblem> dates(X509Certificate certificate) {
    Instant notBefore = certificate.getNotBefore().toInstant();
    Instant notAfter = certificate.getNotAfter().toInstant();
    String subject = name(certificate.getSubjectX500Principal());
    if (now.isAfter(notAfter)) {
      return Optional.of(
          new CertificateProblem(
              Kind.EXPIRED,
              "expired %s ago (%s, not after %s)"
                  .formatted(words(Duration.between(notAfter, now)), subject, notAfter)));
    }
    if (now.isBefore(notBefore)) {
      return Optional.of(
          new CertificateProblem(
              Kind.NOT_YET_VALID,
              "is not valid for another %s (%s, not before %s, and it is %s here)"
                  .formatted(
                      words(Duration.between(now, notBefore)),
                      subject,
                      notBefore,
                      now.truncatedTo(ChronoUnit.SECONDS))));
    }
    return Optional.empty();
  }

  /** Two steps: the walk finds out who is missing, PKIX then decides. */
  private Optional<CertificateProblem> trust(List<X509Certificate> chain) {
    X509Certificate current = chain.get(0);
    for (int i = 0; i < MAX_CHAIN; i++) {
      X509Certificate child = current;
      if (trustAnchors.stream().anyMatch(anchor -> anchor.equals(child) || signed(anchor, child))) {
        return path(chain);
      }
      Optional<X509Certificate> issuer =
          chain.stream().filter(c -> !c.equals(child) && signed(c, child)).findFirst();
      if (issuer.isEmpty()) {
        return Optional.of(new CertificateProblem(Kind.UNTRUSTED, untrusted(chain.get(0), child)));
      }
      current = issuer.get();
    }
    return Optional.of(
        new CertificateProblem(
            Kind.INVALID_CHAIN, "has a chain of more than " + MAX_CHAIN + " certificates"));
  }

  private String untrusted(X509Certificate certificate, X509Certificate top) {
    String subject = name(certificate.getSubjectX500Principal());
    X500Principal issuer = top.getIssuerX500Principal();
    if (trustAnchors.stream().anyMatch(a -> a.getSubjectX500Principal().equals(issuer))) {
      return "is signed by another authority of the same name as the trusted one (%s, issuer %s)"
          .formatted(subject, name(issuer));
    }
    return "is signed by an unknown authority (%s, issuer %s)".formatted(subject, name(issuer));
  }

  private static boolean signed(X509Certificate issuer, X509Certificate certificate) {
    if (!issuer.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
      return false;
    }
    try {
      certificate.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private Optional<CertificateProblem> path(List<X509Certificate> chain) {
    X509Certificate certificate = chain.get(0);
    try {
      var target = new X509CertSelector();
      target.setCertificate(certificate);
      var parameters =
          new PKIXBuilderParameters(
              trustAnchors.stream()
                  .map(anchor -> new TrustAnchor(anchor, null))
                  .collect(Collectors.toSet()),
              target);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(whenValid(certificate)));
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
      var path = (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
      return authorityDates(certificate, path.getTrustAnchor().getTrustedCert());
    } catch (CertPathBuilderException e) {
      return Optional.of(
          new CertificateProblem(
              Kind.INVALID_CHAIN,
              "has an invalid chain: %s (%s)"
                  .formatted(reason(e), name(certificate.getSubjectX500Principal()))));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK does not validate certificate paths", e);
    }
  }

  /** PKIX trusts an anchor for ever; a certificate of an authority says until when. */
  private Optional<CertificateProblem> authorityDates(
      X509Certificate certificate, X509Certificate anchor) {
    Instant notAfter = anchor.getNotAfter().toInstant();
    if (anchor.equals(certificate) || !now.isAfter(notAfter)) {
      return Optional.empty();
    }
    return Optional.of(
        new CertificateProblem(
            Kind.AUTHORITY_EXPIRED,
            "is signed by an authority that expired %s ago (%s, not after %s)"
                .formatted(
                    words(Duration.between(notAfter, now)),
                    name(anchor.getSubjectX500Principal()),
                    notAfter)));
  }

  /** Its own dates are another problem: they shall not hide those of the chain. */
  private Instant whenValid(X509Certificate certificate) {
    Instant notBefore = certificate.getNotBefore().toInstant();
    Instant notAfter = certificate.getNotAfter().toInstant();
    return now.isBefore(notBefore) ? notBefore : now.isAfter(notAfter) ? notAfter : now;
  }

  private static String reason(CertPathBuilderException e) {
    Throwable deepest = e;
    for (Throwable t = e; t != null; t = t.getCause()) {
      deepest = t;
    }
    return printable(String.valueOf(deepest.getMessage()));
  }

  private Optional<CertificateProblem> usage(X509Certificate certificate) {
    String subject = name(certificate.getSubjectX500Principal());
    boolean[] keyUsage = certificate.getKeyUsage();
    if (keyUsage != null && !keyUsage[0]) {
      return wrongUsage("does not allow signatures (%s, key usage)".formatted(subject));
    }
    try {
      List<String> extended = certificate.getExtendedKeyUsage();
      if (extended == null || extended.contains(ANY_USAGE) || extended.contains(role.usageOid())) {
        return Optional.empty();
      }
      return Stream.of(NodeRole.values())
          .filter(other -> extended.contains(other.usageOid()))
          .findFirst()
          .map(other -> wrongUsage("is for %s use only (%s)".formatted(other, subject)))
          .orElseGet(
              () ->
                  wrongUsage(
                      "is not for TLS %ss (%s, extended key usage without %s)"
                          .formatted(role, subject, role.usageName())));
    } catch (CertificateParsingException e) {
      return wrongUsage("has an extended key usage that can't be read (%s)".formatted(subject));
    }
  }

  private static Optional<CertificateProblem> wrongUsage(String what) {
    return Optional.of(new CertificateProblem(Kind.WRONG_USAGE, what));
  }

  /** A distinguished name for a line of the log: printable ASCII, not too long. */
  public static String name(X500Principal principal) {
    return printable(principal.getName());
  }

  private static String printable(String text) {
    String line = text.replaceAll("[^ -~]", "?");
    if (line.isEmpty()) {
      return "no subject";
    }
    return line.length() <= MAX_NAME ? line : line.substring(0, MAX_NAME) + "...";
  }

  /** The largest unit that says enough: {@code 3 days}, {@code 1 hour}, {@code 20 seconds}. */
  public static String words(Duration duration) {
    if (duration.toDays() > 0) {
      return count(duration.toDays(), "day");
    }
    if (duration.toHours() > 0) {
      return count(duration.toHours(), "hour");
    }
    if (duration.toMinutes() > 0) {
      return count(duration.toMinutes(), "minute");
    }
    return count(Math.max(1, duration.toSeconds()), "second");
  }

  private static String count(long number, String unit) {
    return number + " " + unit + (number == 1 ? "" : "s");
  }
}
