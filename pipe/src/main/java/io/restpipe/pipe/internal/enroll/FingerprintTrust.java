package io.restpipe.pipe.internal.enroll;

import io.restpipe.pipe.internal.tls.RefusingTrust;
import io.restpipe.security.CertificateCheck;
import io.restpipe.security.CertificateProblem;
import io.restpipe.security.JoinLine;
import io.restpipe.security.NodeRole;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Trusts a server whose chain leads to the one authority that a join line names by its fingerprint,
 * and whose certificate is for the host that was dialed.
 */
final class FingerprintTrust extends RefusingTrust {

  private final JoinLine line;
  private @Nullable String refused;

  FingerprintTrust(JoinLine line) {
    super("a server is checked only where a machine joins");
    this.line = line;
  }

  /** Why the server was refused, in words; null if it was not. */
  @Nullable String refused() {
    return refused;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    try {
      check(chain, authType, socket);
    } catch (CertificateException e) {
      refused = e.getMessage();
      throw e;
    }
  }

  private void check(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    List<X509Certificate> shown = List.of(chain);
    Optional<X509Certificate> authority = shown.stream().filter(line::isOf).findFirst();
    if (authority.isEmpty()) {
      throw new CertificateException(
          "it is not a server of the authority that made this token (its certificate is "
              + CertificateCheck.name(chain[0].getSubjectX500Principal())
              + ", issuer "
              + CertificateCheck.name(chain[chain.length - 1].getIssuerX500Principal())
              + "); either the token is for another server, or somebody stands between");
    }
    List<X509Certificate> anchors = List.of(authority.orElseThrow());
    List<CertificateProblem> problems =
        new CertificateCheck(anchors, NodeRole.SERVER, Instant.now()).problems(shown);
    if (!problems.isEmpty()) {
      throw new CertificateException("its certificate " + problems.get(0).what());
    }
    try {
      pkix(anchors).checkServerTrusted(chain, authType, socket);
    } catch (CertificateException e) {
      throw new CertificateException(
          "its certificate is not for %s (%s)"
              .formatted(line.host(), CertificateCheck.name(chain[0].getSubjectX500Principal())),
          e);
    }
  }
}
