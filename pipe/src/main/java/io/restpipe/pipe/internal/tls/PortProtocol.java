package io.restpipe.pipe.internal.tls;

import io.netty.handler.ssl.SslContext;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One of the protocols that a port takes.
 *
 * @param name what it is called when the protocol is negotiated (ALPN); null: of callers that name
 *     none, which is RestPipe 0.2.11
 * @param context the TLS that it runs on; asked at each connection, so that it may change. It must
 *     select {@code name} itself.
 * @param secured goes on where the handshake is done
 */
public record PortProtocol(@Nullable String name, Supplier<SslContext> context, Secured secured) {

  /**
   * The pipe of this version. The peer must prove itself with a client's certificate.
   *
   * @param tls asked at each connection, so that it may change
   */
  public static PortProtocol pipe(Supplier<TlsContexts> tls, Secured secured) {
    return new PortProtocol(TlsContexts.PROTOCOL, () -> tls.get().acceptor(), secured);
  }

  /**
   * Version 1 (RestPipe 0.2.11), whose callers name no protocol. The peer must prove itself with a
   * certificate of the authority, whatever its usage.
   *
   * @param tls asked at each connection, so that it may change
   */
  public static PortProtocol legacy(Supplier<TlsContexts> tls, Secured secured) {
    return new PortProtocol(null, () -> tls.get().legacyAcceptor(), secured);
  }
}
