package io.restpipe.pipe.internal.tls;

import io.restpipe.pipe.internal.tls.HandshakeFailure.Kind;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a peer says, in one word of the TLS specification, when it refuses a handshake.
 *
 * @param kind what to do about it
 * @param words a predicate to {@code server …} or {@code client …}
 */
record TlsAlert(Kind kind, String words) {

  /** {@code Received fatal alert: bad_certificate} says the JDK; the other is BoringSSL's. */
  private static final Pattern ALERT =
      Pattern.compile("fatal alert: ([a-z_]+)|(?:SSLV3|TLSV1|TLSV13)_ALERT_([A-Z_]+)");

  /** The alert that an engine's message tells of, or null if it tells of something else. */
  static @Nullable TlsAlert received(String message) {
    Matcher alert = ALERT.matcher(message);
    if (!alert.find()) {
      return null;
    }
    String jdk = alert.group(1);
    return named(jdk != null ? jdk : alert.group(2).toLowerCase(Locale.ROOT));
  }

  private static TlsAlert named(String name) {
    return switch (name) {
      case "certificate_required", "no_certificate" ->
          certificate("demands a certificate and got none");
      case "certificate_expired" -> certificate("refuses our certificate: it has expired");
      case "certificate_revoked" -> certificate("refuses our certificate: it has been revoked");
      case "unknown_ca" ->
          certificate("refuses our certificate: it does not know the authority that signed it");
      case "unsupported_certificate" ->
          certificate("refuses our certificate: it is for another use");
      case "bad_certificate", "certificate_unknown", "access_denied" ->
          certificate(
              "refuses our certificate ("
                  + name
                  + "): expired, revoked, of another authority, for another"
                  + " use, or for another host name; its log says which");
      case "protocol_version" -> incompatible("speaks neither TLS 1.3 nor TLS 1.2");
      case "handshake_failure", "insufficient_security" ->
          incompatible("found no common way to secure the connection (" + name + ")");
      case "no_application_protocol" -> incompatible("does not speak " + TlsContexts.PROTOCOL);
      case "close_notify", "user_canceled", "internal_error" ->
          new TlsAlert(Kind.NETWORK, "gave the TLS handshake up (" + name + ")");
      default -> incompatible("ended the TLS handshake with the alert " + name);
    };
  }

  private static TlsAlert certificate(String words) {
    return new TlsAlert(Kind.CERTIFICATE, words);
  }

  private static TlsAlert incompatible(String words) {
    return new TlsAlert(Kind.INCOMPATIBLE, words);
  }
}
