package io.restpipe.pipe.internal.tls;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.restpipe.security.NodeRole;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why there is no connection.
 *
 * <p>With TLS 1.3 the dialing end is done before the accepting end has looked at its certificate: a
 * refusal comes as an alert in place of the first data. So whoever reads passes what it caught to
 * {@link #of}, too.
 *
 * @param kind what to do about it
 * @param sentence for the log: one line of printable characters
 */
public record HandshakeFailure(Kind kind, String sentence) {

  /** Whether somebody was refused, rather than went away or was not there. */
  public boolean isRefusal() {
    return kind != Kind.NETWORK || sentence.contains(TOO_SLOW);
  }

  /** How soon trying again can help. */
  public enum Kind {
    /** The network, or the peer is not up: soon. */
    NETWORK,
    /** A certificate, ours or the peer's, is not accepted: when somebody has replaced it. */
    CERTIFICATE,
    /** The other end speaks something else: when somebody has changed the software or address. */
    INCOMPATIBLE
  }

  private static final String TOO_SLOW = "did not finish the TLS handshake";
  private static final int MAX_CAUSES = 20;
  private static final int MAX_LENGTH = 400;

  private static final Pattern NO_CERTIFICATE =
      Pattern.compile(
          "PEER_DID_NOT_RETURN_A_CERTIFICATE|[Ee]mpty client certificate chain|null cert chain");

  /** After a handshake in TLS 1.2 none of the JDK's cipher suites is left. */
  private static final Pattern SECOND_HANDSHAKE =
      Pattern.compile("cipher suites are inappropriate");

  private static final Pattern OLD_VERSION =
      Pattern.compile("UNSUPPORTED_PROTOCOL|WRONG_VERSION_NUMBER|not enabled or supported in");

  private static final Pattern NOTHING_IN_COMMON =
      Pattern.compile(
          "NO_SHARED_CIPHER|NO_SHARED_GROUP|WRONG_CURVE|NO_COMMON_SIGNATURE_ALGORITHMS"
              + "|no cipher suites in common");

  /**
   * What a failed attempt to connect, a failed handshake, or the first read after it says.
   *
   * @param peer what is, or should be, at the other end
   */
  public static HandshakeFailure of(Throwable cause, NodeRole peer) {
    Throwable known = cause;
    int depth = 0;
    for (Throwable t = cause; t != null && depth < MAX_CAUSES; t = t.getCause()) {
      depth++;
      if (t instanceof PeerCertificateException) {
        return certificate(String.valueOf(t.getMessage()));
      }
      if (t instanceof SSLException) {
        known = t;
      }
    }
    return known instanceof SSLException tls ? ofTls(tls, peer) : ofNetwork(known, peer);
  }

  private static HandshakeFailure ofTls(SSLException failure, NodeRole peer) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof NotSslRecordException || message.contains("unrecognized SSL message")) {
      return incompatible("not a TLS " + peer + ": what came first is no TLS record");
    }
    if (failure instanceof SslHandshakeTimeoutException) {
      return network(
          "%s %s within %d s".formatted(peer, TOO_SLOW, TlsContexts.HANDSHAKE_TIMEOUT.toSeconds()));
    }
    if (NO_CERTIFICATE.matcher(message).find()) {
      return certificate(peer + " sent no certificate");
    }
    if (SECOND_HANDSHAKE.matcher(message).find()) {
      return incompatible(peer + " began a second handshake");
    }
    if (OLD_VERSION.matcher(message).find()) {
      return incompatible(peer + " speaks neither TLS 1.3 nor TLS 1.2");
    }
    if (NOTHING_IN_COMMON.matcher(message).find()) {
      return incompatible("no common way to secure the connection with the " + peer);
    }
    TlsAlert alert = TlsAlert.received(message);
    if (alert != null) {
      return new HandshakeFailure(alert.kind(), peer + " " + alert.words());
    }
    if (message.contains("closed") || failure.getCause() instanceof EOFException) {
      return closed(peer);
    }
    return incompatible("TLS with the " + peer + " failed: " + message);
  }

  private static HandshakeFailure ofNetwork(Throwable failure, NodeRole peer) {
    if (failure instanceof ClosedChannelException) {
      return closed(peer);
    }
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof UnknownHostException) {
      return network("the " + peer + "'s host name is not known: " + message);
    }
    if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
      return network("no connection to the " + peer + ": " + message);
    }
    return network("connection to the " + peer + " failed: " + message);
  }

  /** {@code protocol}: what the peer names; null: nothing. */
  static HandshakeFailure otherProtocol(@Nullable String protocol, String expected, NodeRole peer) {
    return incompatible(
        "%s speaks %s, not %s"
            .formatted(peer, protocol == null ? "no protocol by name (ALPN)" : protocol, expected));
  }

  /** A caller of a port that takes no version 1. */
  static HandshakeFailure nameless() {
    return incompatible(
        "client names no protocol (ALPN), as RestPipe 0.2.11 does not: such clients are let in only"
            + " where server.legacy is on");
  }

  static HandshakeFailure helloTooLarge(int most) {
    return incompatible("client began with a ClientHello of more than " + most + " bytes");
  }

  static HandshakeFailure closed(NodeRole peer) {
    return network(peer + " closed the connection during the TLS handshake");
  }

  private static HandshakeFailure network(String sentence) {
    return new HandshakeFailure(Kind.NETWORK, line(sentence));
  }

  private static HandshakeFailure certificate(String sentence) {
    return new HandshakeFailure(Kind.CERTIFICATE, line(sentence));
  }

  private static HandshakeFailure incompatible(String sentence) {
    return new HandshakeFailure(Kind.INCOMPATIBLE, line(sentence));
  }

  /** Parts of it may come from the peer. */
  private static String line(String text) {
    String line = text.replaceAll("[^ -~]", "?");
    return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "...";
  }
}
