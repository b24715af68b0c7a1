package io.restpipe.pipe.internal.link;

import io.restpipe.event.PeerInfo;
import io.restpipe.pipe.internal.tls.HandshakeFailure;
import io.restpipe.pipe.internal.wire.ProtocolException;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Tells the security log what happens to connections, the same for both ends. Any thread. */
public final class LinkSecurity {

  private final SecurityLog log;

  public LinkSecurity(SecurityLog log) {
    this.log = log;
  }

  /** TLS came to nothing; one that the peer gave up, or the network did, was not refused. */
  void refused(@Nullable SocketAddress remote, HandshakeFailure failure) {
    if (failure.isRefusal()) {
      refused(remote, failure.sentence());
    }
  }

  private void refused(@Nullable SocketAddress remote, String why) {
    log.log(
        SecurityEvent.builder(SecurityEventKind.HANDSHAKE_REFUSED)
            .from(remote instanceof InetSocketAddress address ? address : null)
            .reason(why)
            .build());
  }

  /** TLS is up, but the peer is not let in. */
  public void refused(PeerInfo peer, String why) {
    log.log(about(SecurityEventKind.HANDSHAKE_REFUSED, peer).reason(why).build());
  }

  public void connected(PeerInfo peer) {
    log.log(
        about(SecurityEventKind.PEER_CONNECTED, peer)
            .with(Field.MESSAGE, "instance " + peer.instance() + ", software " + peer.version())
            .build());
  }

  /**
   * A connection that was up has ended.
   *
   * @param why in words, some of which may be the peer's
   */
  public void disconnected(PeerInfo peer, String why) {
    log.log(about(SecurityEventKind.PEER_DISCONNECTED, peer).reason(why).build());
  }

  /** The peer broke the protocol: it sent no frame, or more than it may. */
  public void violated(PeerInfo peer, ProtocolException violation) {
    String what = String.valueOf(violation.getMessage());
    if (violation.isLimit()) {
      limitHit(peer, what);
    } else {
      log.log(about(SecurityEventKind.FRAME_MALFORMED, peer).reason(what).build());
    }
  }

  /** A bound was reached that the peer is held to. */
  public void limitHit(PeerInfo peer, String limit) {
    log.log(about(SecurityEventKind.LIMIT_HIT, peer).with(Field.LIMIT, limit).build());
  }

  /** A bound was reached before it was known who is there. */
  void limitHit(@Nullable SocketAddress remote, String limit) {
    log.log(
        SecurityEvent.builder(SecurityEventKind.LIMIT_HIT)
            .from(remote instanceof InetSocketAddress address ? address : null)
            .with(Field.LIMIT, limit)
            .build());
  }

  private static SecurityEvent.Builder about(SecurityEventKind kind, PeerInfo peer) {
    return SecurityEvent.builder(kind).peer(peer.name()).from(peer.address());
  }
}
