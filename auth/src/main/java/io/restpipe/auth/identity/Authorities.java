package io.restpipe.auth.identity;

import io.restpipe.security.Identity;
import io.restpipe.security.IdentityException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** What it takes to be an authority. */
final class Authorities {

  private static final int CERT_SIGN = 5;

  private Authorities() {}

  /** Whether one signed the other. */
  static boolean signed(X509Certificate issuer, X509Certificate certificate) {
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

  /** Whether nobody stands above it. */
  static boolean isSelfSigned(X509Certificate certificate) {
    return signed(certificate, certificate);
  }

  /**
   * A key and a certificate that may sign others.
   *
   * @throws IdentityException if they may not
   */
  static void requireSigner(
      Path certificateFile, X509Certificate certificate, Path keyFile, PrivateKey key) {
    boolean[] usage = certificate.getKeyUsage();
    if (certificate.getBasicConstraints() < 0) {
      throw new IdentityException(
          certificateFile + ": is not the certificate of an authority (no CA:TRUE)");
    }
    if (usage != null && !usage[CERT_SIGN]) {
      throw new IdentityException(
          certificateFile + ": may not sign certificates (key usage without keyCertSign)");
    }
    if (!Identity.fits(key, certificate.getPublicKey())) {
      throw new IdentityException(keyFile + ": does not fit the certificate in " + certificateFile);
    }
  }
}
