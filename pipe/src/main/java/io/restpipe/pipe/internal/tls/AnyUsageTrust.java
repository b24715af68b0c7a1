package io.restpipe.pipe.internal.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;

/**
 * PKIX as RestPipe 0.2.11 knew it: any certificate of the authority is good for a client, whatever
 * usage it says. The chain and its dates are checked as ever.
 */
final class AnyUsageTrust extends RefusingTrust {

  private final List<X509Certificate> trustAnchors;
  private final Set<TrustAnchor> anchors;

  AnyUsageTrust(List<X509Certificate> trustAnchors) {
    super("only the certificates of clients, as part of a connection");
    this.trustAnchors = List.copyOf(trustAnchors);
    this.anchors =
        trustAnchors.stream().map(one -> new TrustAnchor(one, null)).collect(Collectors.toSet());
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    try {
      var parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      CertPathValidator.getInstance("PKIX")
          .validate(
              CertificateFactory.getInstance("X.509").generateCertPath(belowAnchors(chain)),
              parameters);
    } catch (GeneralSecurityException invalid) {
      throw new CertificateException(invalid.getMessage(), invalid);
    }
  }

  /** A path ends below its anchor. */
  private List<X509Certificate> belowAnchors(X509Certificate[] chain) {
    var path = new ArrayList<X509Certificate>();
    for (X509Certificate certificate : chain) {
      if (!path.isEmpty() && trustAnchors.contains(certificate)) {
        break;
      }
      path.add(certificate);
    }
    return path;
  }
}
