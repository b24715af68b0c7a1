package io.restpipe.pipe.internal.tls;

import io.netty.channel.Channel;

/** Told once how the handshake ended; both on the channel's event loop. */
public interface TlsListener extends TlsPort.RefusalListener {

  /** The peer is who it says. A handler added to the pipeline now sees all that the peer sends. */
  void secured(Channel channel, TlsPeer peer);

  /** No connection: it is being closed. */
  @Override
  void refused(Channel channel, HandshakeFailure failure);
}
