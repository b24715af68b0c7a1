package io.restpipe.auth.identity;

import io.restpipe.security.NodeRole;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an authority remembers of a certificate.
 *
 * @param serial its serial number
 * @param role what it is good for
 * @param name the node's name
 * @param dnsNames the host names in it
 * @param addresses the IP addresses in it
 * @param notBefore since when it is valid
 * @param notAfter until when
 * @param lifetime for how long it was made, from then; that of the next one in its place
 * @param issuer which of the authority's keys signed it
 * @param issuedAt when
 * @param revocation when and why it was revoked; null where it was not
 */
public record CertificateRecord(
    BigInteger serial,
    NodeRole role,
    String name,
    List<String> dnsNames,
    List<String> addresses,
    Instant notBefore,
    Instant notAfter,
    Duration lifetime,
    String issuer,
    Instant issuedAt,
    @Nullable Revocation revocation) {

  /** When and why. */
  public record Revocation(Instant at, RevocationReason reason) {}

  /** What can be said of it at a time. */
  public enum State {
    /** Good. */
    VALID,
    /** Its time is over. */
    EXPIRED,
    /** Revoked, whether or not its time is over. */
    REVOKED
  }

  public CertificateRecord {
    dnsNames = List.copyOf(dnsNames);
    addresses = List.copyOf(addresses);
  }

  public State state(Instant now) {
    if (revocation != null) {
      return State.REVOKED;
    }
    return now.isAfter(notAfter) ? State.EXPIRED : State.VALID;
  }

  /** As openssl prints it: upper-case hexadecimal digits. */
  public String serialText() {
    return serialText(serial);
  }

  static String serialText(BigInteger serial) {
    String digits = serial.toString(16).toUpperCase(java.util.Locale.ROOT);
    return digits.length() % 2 == 0 ? digits : "0" + digits;
  }

  CertificateRecord revoked(Instant at, RevocationReason reason) {
    return new CertificateRecord(
        serial,
        role,
        name,
        dnsNames,
        addresses,
        notBefore,
        notAfter,
        lifetime,
        issuer,
        issuedAt,
        new Revocation(at, reason));
  }

  /** What another certificate in its place would say. */
  Issuance again() {
    Issuance issuance = Issuance.of(name, role);
    if (!dnsNames.isEmpty()) {
      issuance = issuance.dns(dnsNames);
    }
    if (!addresses.isEmpty()) {
      issuance = issuance.ip(addresses);
    }
    return issuance.validFor(lifetime);
  }
}
