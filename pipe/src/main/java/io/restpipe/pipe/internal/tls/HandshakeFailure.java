package io.restpipe.pipe.internal.tls;

import io.restpipe.security.NodeRole;
import org.jspecify.annotations.Nullable;

/**
 * Why there is no connection.
 *
 * @param kind what to do about it
 * @param sentence for the log
 */
public record HandshakeFailure(Kind kind, String sentence) {

  /** How soon trying again can help. */
  public enum Kind {
    /** The network, or the peer is not up: soon. */
    NETWORK,
    /** A certificate, ours or the peer's, is not accepted: when somebody has replaced it. */
    CERTIFICATE,
    /** The other end speaks something else: when somebody has changed the software or address. */
    INCOMPATIBLE
  }

  /** What a failed connection attempt, or the first read after the handshake, says. */
  public static HandshakeFailure of(Throwable cause, NodeRole peer) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof PeerCertificateException) {
        return new HandshakeFailure(Kind.CERTIFICATE, String.valueOf(t.getMessage()));
      }
    }
    return new HandshakeFailure(Kind.NETWORK, peer + ": " + cause);
  }

  static HandshakeFailure otherProtocol(@Nullable String protocol, NodeRole peer) {
    return new HandshakeFailure(
        Kind.INCOMPATIBLE,
        "%s speaks %s, not %s"
            .formatted(
                peer,
                protocol == null ? "no protocol by name (ALPN)" : protocol,
                TlsContexts.PROTOCOL));
  }

  static HandshakeFailure closed(NodeRole peer) {
    return new HandshakeFailure(
        Kind.NETWORK, peer + " closed the connection during the TLS handshake");
  }
}
