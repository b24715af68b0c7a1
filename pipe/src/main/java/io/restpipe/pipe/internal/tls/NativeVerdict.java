package io.restpipe.pipe.internal.tls;

import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.internal.tcnative.CertificateVerifier;
import io.restpipe.security.CertificateProblem;
import java.security.cert.CertificateException;
import java.util.List;

/**
 * Tells BoringSSL which alert to send; the JDK's engine has its own mind. A class of its own, since
 * the numbers come from the native library, which need not be there.
 */
final class NativeVerdict {

  private NativeVerdict() {}

  /** The same refusal, with the first problem as a number; none means a wrong host name. */
  static CertificateException of(
      PeerCertificateException refusal, List<CertificateProblem> problems) {
    int code =
        problems.isEmpty()
            ? CertificateVerifier.X509_V_ERR_HOSTNAME_MISMATCH
            : code(problems.get(0).kind());
    return new OpenSslCertificateException(refusal.getMessage(), refusal, code);
  }

  private static int code(CertificateProblem.Kind kind) {
    return switch (kind) {
      case EXPIRED -> CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED;
      case REVOKED -> CertificateVerifier.X509_V_ERR_CERT_REVOKED;
      case NOT_YET_VALID -> CertificateVerifier.X509_V_ERR_CERT_NOT_YET_VALID;
      case UNTRUSTED -> CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
      case WRONG_USAGE -> CertificateVerifier.X509_V_ERR_INVALID_PURPOSE;
      case NO_NAME -> CertificateVerifier.X509_V_ERR_HOSTNAME_MISMATCH;
      case AUTHORITY_EXPIRED, INVALID_CHAIN -> CertificateVerifier.X509_V_ERR_UNSPECIFIED;
    };
  }
}
