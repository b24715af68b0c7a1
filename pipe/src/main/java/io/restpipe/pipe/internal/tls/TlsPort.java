package io.restpipe.pipe.internal.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import io.restpipe.security.NodeRole;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * The accepting end of a port that takes several protocols. What a caller names in the first
 * message of its handshake (ALPN, RFC 7301) decides which TLS it gets, and what comes after it. Any
 * thread.
 */
public final class TlsPort {

  private final List<PortProtocol> protocols;

  /**
   * A port for these protocols.
   *
   * @param protocols in order of preference, where a caller names several; each name once
   */
  public TlsPort(List<PortProtocol> protocols) {
    this.protocols = List.copyOf(protocols);
  }

  /** Puts TLS into the pipeline of a connection that was accepted. */
  public void accept(ChannelPipeline pipeline, RefusalListener refusals) {
    pipeline
        .addLast(HandshakeHandler.LINGER, new RefusalLinger())
        .addLast("client-hello", new ClientHelloHandler(this, refusals));
  }

  /** What a caller gets that names these; absent if there is nothing for it. */
  Optional<PortProtocol> choose(List<String> offered) {
    return protocols.stream()
        .filter(
            protocol ->
                protocol.name() == null ? offered.isEmpty() : offered.contains(protocol.name()))
        .findFirst();
  }

  /** Where there is no telling what the caller wants: its handshake will fail, with a reason. */
  PortProtocol first() {
    return protocols.get(0);
  }

  HandshakeFailure refusal(List<String> offered) {
    String taken =
        protocols.stream()
            .map(PortProtocol::name)
            .filter(name -> name != null)
            .collect(Collectors.joining(" or "));
    return offered.isEmpty()
        ? HandshakeFailure.nameless()
        : HandshakeFailure.otherProtocol(String.join(", ", offered), taken, NodeRole.CLIENT);
  }

  SslHandler handler(PortProtocol protocol, Channel channel, long handshakeMillis) {
    SslHandler tls = protocol.context().get().newHandler(channel.alloc());
    forbidTickets(tls.engine());
    tls.setHandshakeTimeoutMillis(handshakeMillis);
    return tls;
  }

  /** Netty allows them anew for each engine, whatever the context says. */
  private static void forbidTickets(SSLEngine engine) {
    if (engine instanceof ReferenceCountedOpenSslEngine nativeEngine) {
      SSL.setOptions(nativeEngine.sslPointer(), SSL.SSL_OP_NO_TICKET);
    }
  }

  /** Told once where no connection comes about: it is being closed. On its event loop. */
  @FunctionalInterface
  public interface RefusalListener {
    void refused(Channel channel, HandshakeFailure failure);
  }

  static boolean isNamed(@Nullable String expected, @Nullable String agreed) {
    return expected == null ? agreed == null : expected.equals(agreed);
  }
}
