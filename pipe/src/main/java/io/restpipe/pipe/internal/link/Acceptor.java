package io.restpipe.pipe.internal.link;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.restpipe.pipe.internal.connection.PipeConnection;
import io.restpipe.pipe.internal.tls.HandshakeFailure;
import io.restpipe.pipe.internal.tls.TlsContexts;
import io.restpipe.pipe.internal.tls.TlsListener;
import io.restpipe.pipe.internal.tls.TlsPeer;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the connections that clients dial: TLS first, then the connection itself. */
public final class Acceptor implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

  private static final int BACKLOG = 4_096;

  /** More handshakes at once than this are not begun: the clients come back with their back-off. */
  private static final int MAX_HANDSHAKES = 4_096;

  /** Makes the connection that runs over a secured channel. */
  @FunctionalInterface
  public interface ConnectionFactory {
    PipeConnection create(TlsPeer client);
  }

  private final Supplier<TlsContexts> tls;
  private final ConnectionFactory factory;
  private final LogLimit refusals = new LogLimit();
  private final AtomicInteger handshakes = new AtomicInteger();
  private final Channel listening;

  /**
   * Listens.
   *
   * @param tls asked for each connection anew: the identity may change
   * @throws BindException if the address is not to be had
   */
  public Acceptor(
      ServerBootstrap accepting,
      InetSocketAddress address,
      Supplier<TlsContexts> tls,
      ConnectionFactory factory)
      throws BindException {
    this.tls = tls;
    this.factory = factory;
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
        channel.close();
        return;
      }
      tls.get().accept(channel.pipeline(), new Outcome());
    }
  }

  private final class Outcome implements TlsListener {

    @Override
    public void secured(Channel channel, TlsPeer client) {
      handshakes.decrementAndGet();
      channel.pipeline().addLast("pipe", factory.create(client));
    }

    @Override
    public void refused(Channel channel, HandshakeFailure failure) {
      handshakes.decrementAndGet();
      int held = refusals.next();
      if (held >= 0) {
        LOG.warn(
            "refused {}: {}{}",
            channel.remoteAddress(),
            failure.sentence(),
            held == 0 ? "" : " (" + held + " refusals before it are not shown)");
      }
    }
  }
}
