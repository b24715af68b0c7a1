package io.restpipe.pipe.internal.tls;

import io.netty.channel.Channel;
import java.security.cert.CertificateException;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Goes on where a handshake is done. On the channel's event loop. */
@FunctionalInterface
public interface Secured {

  /**
   * The handshake is done, and the protocol is the right one. A handler added to the pipeline now
   * sees all that the peer sends.
   *
   * @throws CertificateException if the peer's certificate is not to be accepted after all
   * @throws SSLPeerUnverifiedException if there is none and there should be
   */
  void secured(Channel channel, SSLSession session)
      throws CertificateException, SSLPeerUnverifiedException;

  /** With the peer's certificate, which must be there and in date. */
  static Secured byCertificate(BiConsumer<Channel, TlsPeer> next) {
    return (channel, session) -> next.accept(channel, TlsPeer.of(session));
  }
}
