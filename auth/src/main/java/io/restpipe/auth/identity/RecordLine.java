package io.restpipe.auth.identity;

import io.restpipe.auth.identity.CertificateRecord.Revocation;
import io.restpipe.security.NodeRole;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A line of an authority's list of certificates:
 *
 * <pre>
 * issued 2026-11-26T00:00:00Z serial=01A… role=client name=edge not-before=… not-after=… lifetime=PT19800H issuer=… dns=a,b ip=1.2.3.4
 * revoked 2026-11-27T00:00:00Z serial=01A… reason=key-compromise
 * </pre>
 *
 * <p>Words parted by one space. A space in a common name from elsewhere is written as {@code %20};
 * no name has a percent sign.
 */
final class RecordLine {

  static final String ISSUED = "issued";
  static final String REVOKED = "revoked";

  private final String action;
  private final Instant at;
  private final Map<String, String> values;

  private RecordLine(String action, Instant at, Map<String, String> values) {
    this.action = action;
    this.at = at;
    this.values = values;
  }

  /**
   * Reads a line without its end.
   *
   * @throws IllegalArgumentException if it is none
   */
  static RecordLine parse(String line) {
    String[] words = line.split(" ", -1);
    if (words.length < 3 || !(words[0].equals(ISSUED) || words[0].equals(REVOKED))) {
      throw new IllegalArgumentException("no line of a list of certificates");
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 2; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("no NAME=VALUE: " + words[i]);
      }
      values.put(words[i].substring(0, equals), words[i].substring(equals + 1));
    }
    try {
      return new RecordLine(words[0], Instant.parse(words[1]), values);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("no time: " + words[1], e);
    }
  }

  boolean isRevocation() {
    return action.equals(REVOKED);
  }

  BigInteger serial() {
    return new BigInteger(value("serial"), 16);
  }

  Revocation revocation() {
    return new Revocation(at, RevocationReason.parse(value("reason")));
  }

  CertificateRecord record() {
    try {
      return new CertificateRecord(
          serial(),
          NodeRole.valueOf(value("role").toUpperCase(Locale.ROOT)),
          value("name").replace("%20", " "),
          list("dns"),
          list("ip"),
          Instant.parse(value("not-before")),
          Instant.parse(value("not-after")),
          Duration.parse(value("lifetime")),
          value("issuer"),
          at,
          null);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("no time", e);
    }
  }

  private List<String> list(String name) {
    String value = values.getOrDefault(name, "");
    return value.isEmpty() ? List.of() : List.of(value.split(",", -1));
  }

  private String value(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no " + name);
    }
    return value;
  }

  /** The line for a new certificate, without its end. */
  static String issued(CertificateRecord record) {
    return "%s %s serial=%s role=%s name=%s not-before=%s not-after=%s lifetime=%s issuer=%s%s%s"
        .formatted(
            ISSUED,
            seconds(record.issuedAt()),
            record.serialText(),
            record.role(),
            record.name().replace(" ", "%20"),
            record.notBefore(),
            record.notAfter(),
            record.lifetime(),
            record.issuer(),
            list(" dns=", record.dnsNames()),
            list(" ip=", record.addresses()));
  }

  /** The line for a certificate that is revoked, without its end. */
  static String revoked(BigInteger serial, Revocation revocation) {
    return "%s %s serial=%s reason=%s"
        .formatted(
            REVOKED,
            seconds(revocation.at()),
            CertificateRecord.serialText(serial),
            revocation.reason());
  }

  private static Instant seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }

  private static String list(String name, List<String> values) {
    return values.isEmpty() ? "" : name + String.join(",", values);
  }
}
