package io.restpipe.pipe.internal.link;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.restpipe.pipe.internal.tls.HandshakeFailure;
import io.restpipe.pipe.internal.tls.LogLimit;
import io.restpipe.pipe.internal.tls.PortProtocol;
import io.restpipe.pipe.internal.tls.Secured;
import io.restpipe.pipe.internal.tls.TlsPeer;
import io.restpipe.pipe.internal.tls.TlsPort;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the connections that clients dial: TLS first, then what the protocol says that the client
 * asks for. Any thread.
 */
public final class Acceptor implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

  private static final int BACKLOG = 4_096;

  /** More handshakes at once than this are not begun: the clients come back with their back-off. */
  private static final int MAX_HANDSHAKES = 4_096;

  private final TlsPort port;
  private final LinkSecurity security;
  private final LogLimit refusals = new LogLimit();
  private final AtomicInteger handshakes = new AtomicInteger();
  private final Channel listening;

  /**
   * Listens.
   *
   * @param protocols in order of preference
   * @throws BindException if the address is not to be had
   */
  public Acceptor(
      ServerBootstrap accepting,
      InetSocketAddress address,
      List<PortProtocol> protocols,
      LinkSecurity security)
      throws BindException {
    this.port = new TlsPort(protocols.stream().map(this::counted).toList());
    this.security = security;
    ChannelFuture binding =
        accepting
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childHandler(new Secure())
            .bind(address)
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      var failure = new BindException(String.valueOf(binding.cause().getMessage()));
      failure.initCause(binding.cause());
      throw failure;
    }
    this.listening = binding.channel();
  }

  /** Runs the connection that the factory makes for a client, once its certificate is known. */
  public static Secured connecting(Function<TlsPeer, ChannelHandler> factory) {
    return Secured.byCertificate(
        (channel, client) -> channel.pipeline().addLast("pipe", factory.apply(client)));
  }

  private PortProtocol counted(PortProtocol protocol) {
    return new PortProtocol(
        protocol.name(),
        protocol.context(),
        (channel, session) -> {
          protocol.secured().secured(channel, session);
          handshakes.decrementAndGet();
        });
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) listening.localAddress();
  }

  /** Takes no more connections; those that are up stay. */
  @Override
  public void close() {
    listening.close().awaitUninterruptibly();
  }

  private final class Secure extends ChannelInitializer<Channel> {

    @Override
    protected void initChannel(Channel channel) {
      if (handshakes.incrementAndGet() > MAX_HANDSHAKES) {
        handshakes.decrementAndGet();
        security.limitHit(channel.remoteAddress(), MAX_HANDSHAKES + " handshakes at once");
        channel.close();
        return;
      }
      port.accept(channel.pipeline(), Acceptor.this::refused);
    }
  }

  private void refused(Channel channel, HandshakeFailure failure) {
    handshakes.decrementAndGet();
    security.refused(channel.remoteAddress(), failure);
    int held = refusals.next();
    if (held >= 0) {
      LOG.warn(
          "refused {}: {}{}", channel.remoteAddress(), failure.sentence(), LogLimit.shown(held));
    }
  }
}
