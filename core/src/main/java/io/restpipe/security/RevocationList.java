package io.restpipe.security;

import io.restpipe.security.Der.DerException;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One list of revoked certificates (RFC 5280, section 5), and by whom it was signed. Any thread.
 */
final class RevocationList {

  private static final String DELTA = "2.5.29.27";
  private static final String DISTRIBUTION_POINT = "2.5.29.28";
  private static final int CRL_SIGN = 6;

  private final X509CRL crl;
  private final String origin;

  /** Whether an authority's signature was found good; not asked again then. */
  private volatile boolean verified;

  RevocationList(X509CRL crl, String origin) {
    this.crl = crl;
    this.origin = origin;
  }

  /** Why this kind of list cannot be used, or null. */
  @Nullable String unusable() {
    Set<String> critical = crl.getCriticalExtensionOIDs();
    if (critical == null) {
      return null;
    }
    if (critical.contains(DELTA)) {
      return "holds changes only (a delta CRL); give the full list";
    }
    if (crl.hasUnsupportedCriticalExtension() || isPartial()) {
      return "is for some of the certificates or reasons only; give the authority's full list";
    }
    return null;
  }

  /** Its distribution point limits it by more than where it can be fetched. */
  private boolean isPartial() {
    byte[] extension = crl.getExtensionValue(DISTRIBUTION_POINT);
    if (extension == null) {
      return false;
    }
    try {
      Der point = new Der(extension).enter(Der.OCTET_STRING).enter(Der.SEQUENCE);
      while (!point.isEmpty()) {
        int tag = point.peek();
        // 0xA0: where it is; 0x81: of nodes, which is what is asked for here.
        if (tag != 0xA0 && tag != 0x81) {
          return true;
        }
        point.enter(tag);
      }
      return false;
    } catch (DerException malformed) {
      return true;
    }
  }

  /** Whether one of these authorities has signed it; found once, it stays so. */
  boolean isSignedBy(List<X509Certificate> authorities) {
    if (verified) {
      return true;
    }
    for (X509Certificate authority : authorities) {
      if (isOf(authority) && maySign(authority) && hasSigned(authority)) {
        verified = true;
        return true;
      }
    }
    return false;
  }

  boolean isOf(X509Certificate authority) {
    return crl.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
  }

  static boolean maySign(X509Certificate authority) {
    boolean[] usage = authority.getKeyUsage();
    return authority.getBasicConstraints() >= 0 && (usage == null || usage[CRL_SIGN]);
  }

  private boolean hasSigned(X509Certificate authority) {
    try {
      crl.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException another) {
      return false;
    }
  }

  boolean isVerified() {
    return verified;
  }

  /** Whether the certificate's authority has the name of this list's. */
  boolean covers(X509Certificate certificate) {
    return crl.getIssuerX500Principal().equals(certificate.getIssuerX500Principal());
  }

  Optional<Revoked> find(X509Certificate certificate) {
    X509CRLEntry entry = crl.getRevokedCertificate(certificate.getSerialNumber());
    if (entry == null) {
      return Optional.empty();
    }
    Date since = entry.getRevocationDate();
    return Optional.of(
        new Revoked(certificate, since == null ? null : since.toInstant(), reason(entry)));
  }

  private static String reason(X509CRLEntry entry) {
    if (entry.getRevocationReason() == null) {
      return "";
    }
    return switch (entry.getRevocationReason()) {
      case UNSPECIFIED, UNUSED -> "";
      case KEY_COMPROMISE -> "keyCompromise";
      case CA_COMPROMISE -> "cACompromise";
      case AFFILIATION_CHANGED -> "affiliationChanged";
      case SUPERSEDED -> "superseded";
      case CESSATION_OF_OPERATION -> "cessationOfOperation";
      case CERTIFICATE_HOLD -> "certificateHold";
      case REMOVE_FROM_CRL -> "removeFromCRL";
      case PRIVILEGE_WITHDRAWN -> "privilegeWithdrawn";
      case AA_COMPROMISE -> "aACompromise";
    };
  }

  Instant thisUpdate() {
    return crl.getThisUpdate().toInstant();
  }

  /** Until when its authority promises a newer one; null where it promises none. */
  @Nullable Instant nextUpdate() {
    return crl.getNextUpdate() == null ? null : crl.getNextUpdate().toInstant();
  }

  String issuer() {
    return CertificateCheck.name(crl.getIssuerX500Principal());
  }

  String origin() {
    return origin;
  }

  /** Whether this one makes the other one old: of the same authority, and not issued before it. */
  boolean replaces(RevocationList other) {
    return crl.getIssuerX500Principal().equals(other.crl.getIssuerX500Principal())
        && !thisUpdate().isBefore(other.thisUpdate());
  }
}
