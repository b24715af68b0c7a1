package io.restpipe.pipe.internal.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.restpipe.security.CertificateCheck;
import io.restpipe.security.CertificateProblem;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PeerName;
import io.restpipe.security.Revocations;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a peer's certificate is accepted. The JDK's PKIX validation decides (chain,
 * dates, usage, and the host name of a server); this only refuses more, and says why in words.
 */
class PeerVerifier extends RefusingTrust {

  private static final int DNS = 2;
  private static final int IP = 7;
  private static final int MAX_NAMES_SHOWN = 5;

  private static final String REMEDY =
      "; to accept it all the same, set RP_CLIENT_SERVER_NAME to its common name, or"
          + " RP_CLIENT_VERIFY_SERVER=ca to accept any server of the authority";

  private final List<X509Certificate> trustAnchors;
  private final X509ExtendedTrustManager pkix;
  private final NodeRole peer;
  private final Revocations revocations;
  private final boolean anyUsage;

  PeerVerifier(List<X509Certificate> trustAnchors, NodeRole peer, Revocations revocations) {
    this(trustAnchors, peer, revocations, pkix(trustAnchors), false);
  }

  private PeerVerifier(
      List<X509Certificate> trustAnchors,
      NodeRole peer,
      Revocations revocations,
      X509ExtendedTrustManager pkix,
      boolean anyUsage) {
    super("a certificate is checked only as part of a connection");
    this.trustAnchors = trustAnchors;
    this.revocations = revocations;
    this.pkix = pkix;
    this.peer = peer;
    this.anyUsage = anyUsage;
  }

  /** Of clients of version 1, whose certificates may be for any use. */
  static PeerVerifier ofLegacyClients(List<X509Certificate> trustAnchors, Revocations revocations) {
    return new PeerVerifier(
        trustAnchors, NodeRole.CLIENT, revocations, new AnyUsageTrust(trustAnchors), true);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    try {
      pkix.checkClientTrusted(chain, authType, engine);
      refuseMore(chain);
    } catch (CertificateException e) {
      throw explained(chain, e, engine);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    try {
      pkix.checkServerTrusted(chain, authType, engine);
      refuseMore(chain);
    } catch (CertificateException e) {
      throw explained(chain, e, engine);
    }
  }

  /**
   * What PKIX lets pass: a peer without a name, one that was revoked, and an anchor (or its
   * authority) out of date.
   */
  private void refuseMore(X509Certificate[] chain) throws CertificateException {
    chain[0].checkValidity();
    if (PeerName.of(chain[0]).isEmpty()) {
      throw new CertificateException("no name");
    }
    Instant now = Instant.now();
    boolean allCurrent =
        trustAnchors.stream().noneMatch(anchor -> now.isAfter(anchor.getNotAfter().toInstant()));
    if (!allCurrent && !problems(chain, now).isEmpty()) {
      throw new CertificateException("authority expired");
    }
    if (revocations.find(List.of(chain)).isPresent()) {
      throw new CertificateException("revoked");
    }
  }

  private List<CertificateProblem> problems(X509Certificate[] chain, Instant now) {
    List<X509Certificate> all = List.of(chain);
    List<CertificateProblem> problems =
        new CertificateCheck(trustAnchors, peer, now)
            .problems(all).stream()
                .filter(one -> !anyUsage || one.kind() != CertificateProblem.Kind.WRONG_USAGE)
                .toList();
    if (problems.isEmpty()) {
      // Only of a chain that is to be trusted: anybody can show a chain with an authority's list.
      return revocations.find(all).map(revoked -> revoked.problem(now)).stream().toList();
    }
    return problems;
  }

  private CertificateException explained(
      X509Certificate[] chain, CertificateException e, SSLEngine engine) {
    List<CertificateProblem> problems = problems(chain, Instant.now());
    String what = problems.isEmpty() ? otherwise(chain[0], e, engine) : problems.get(0).what();
    var explained = new PeerCertificateException(peer + " certificate " + what, cause(problems, e));
    return engine instanceof ReferenceCountedOpenSslEngine
        ? NativeVerdict.of(explained, problems)
        : explained;
  }

  /** The JDK's engine takes its alert from the reason in here. */
  private static @Nullable Throwable cause(
      List<CertificateProblem> problems, CertificateException e) {
    boolean revoked =
        !problems.isEmpty() && problems.get(0).kind() == CertificateProblem.Kind.REVOKED;
    return revoked
        ? new CertPathValidatorException("revoked", null, null, -1, BasicReason.REVOKED)
        : e.getCause();
  }

  private String otherwise(X509Certificate certificate, CertificateException e, SSLEngine engine) {
    String subject = CertificateCheck.name(certificate.getSubjectX500Principal());
    if (peer == NodeRole.SERVER && engine.getPeerHost() != null) {
      String hosts = hostNames(certificate);
      return "is not for %s (%s, for %s)%s"
          .formatted(
              engine.getPeerHost(),
              subject,
              hosts.isEmpty() ? "no host by name or address" : hosts,
              hosts.isEmpty() ? REMEDY : "");
    }
    return "is refused (%s): %s".formatted(subject, e.getMessage());
  }

  private static String hostNames(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return (names == null ? List.<List<?>>of() : names)
          .stream()
              .filter(name -> name.get(0).equals(DNS) || name.get(0).equals(IP))
              .limit(MAX_NAMES_SHOWN)
              .map(name -> String.valueOf(name.get(1)).replaceAll("[^!-~]", "?"))
              .collect(Collectors.joining(", "));
    } catch (CertificateParsingException e) {
      return "names that can't be read";
    }
  }
}
