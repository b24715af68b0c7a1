package io.restpipe.node;

import io.restpipe.security.CertificateCheck;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** When a certificate ends, in words. */
final class ExpiryWords {

  private ExpiryWords() {}

  /** For example {@code CN=hub expires in 3 days (not after 2026-11-18T10:00:00Z)}. */
  static String of(X509Certificate certificate, Instant now) {
    Instant end = certificate.getNotAfter().toInstant();
    String subject = CertificateCheck.name(certificate.getSubjectX500Principal());
    return now.isAfter(end)
        ? "%s expired %s ago (not after %s)"
            .formatted(subject, CertificateCheck.words(Duration.between(end, now)), end)
        : "%s expires in %s (not after %s)"
            .formatted(subject, CertificateCheck.words(Duration.between(now, end)), end);
  }
}
