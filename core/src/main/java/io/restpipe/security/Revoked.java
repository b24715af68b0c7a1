package io.restpipe.security;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that its authority has taken back.
 *
 * @param certificate the node's own, or one of an authority between it and the trust anchor
 * @param since when it was taken back; null if not known
 * @param reason why, as the authority says, in the words of RFC 5280 (section 5.3.1): {@code
 *     keyCompromise}; empty if it does not say
 */
public record Revoked(X509Certificate certificate, @Nullable Instant since, String reason) {

  /** For a sentence that begins with {@code certificate}. */
  public CertificateProblem problem(Instant now) {
    String ago =
        since == null || since.isAfter(now)
            ? ""
            : " " + CertificateCheck.words(Duration.between(since, now)) + " ago";
    return new CertificateProblem(
        CertificateProblem.Kind.REVOKED,
        "was revoked%s (%s, serial %s%s)"
            .formatted(
                ago,
                CertificateCheck.name(certificate.getSubjectX500Principal()),
                serial(certificate),
                reason.isEmpty() ? "" : ", " + reason));
  }

  /** The serial number in hexadecimal digits, as openssl shows it. */
  public static String serial(X509Certificate certificate) {
    String digits = certificate.getSerialNumber().toString(16).toUpperCase(Locale.ROOT);
    return digits.length() % 2 == 0 ? digits : "0" + digits;
  }
}
