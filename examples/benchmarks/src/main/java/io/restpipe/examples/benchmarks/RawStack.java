package io.restpipe.examples.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.restpipe.pipe.internal.tls.HandshakeFailure;
import io.restpipe.pipe.internal.tls.TlsContexts;
import io.restpipe.pipe.internal.tls.TlsListener;
import io.restpipe.pipe.internal.tls.TlsPeer;
import io.restpipe.security.Identity;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The bare connection's transport and TLS: the same as the pipe's, one event loop, one connection.
 */
final class RawStack<C extends RawConnection> implements Opened<C> {

  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(128 * 1024, 256 * 1024);
  private static final String HOST = "127.0.0.1";

  private final boolean epoll = Epoll.isAvailable();
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  private final TlsContexts tls;
  private final C connection;
  private final CompletableFuture<C> secured = new CompletableFuture<>();
  private int port;

  private RawStack(Identity identity, C connection) {
    this.tls = TlsContexts.of(identity);
    this.connection = connection;
  }

  /** Port 0: waits for one connection; another one: dials it. */
  static <C extends RawConnection> RawStack<C> open(Identity identity, int port, C connection) {
    var stack = new RawStack<>(identity, connection);
    if (port == 0) {
      stack.accept();
    } else {
      stack.dial(port);
    }
    return stack;
  }

  private void accept() {
    Channel listening =
        new ServerBootstrap()
            .group(loop)
            .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    tls.accept(channel.pipeline(), new Handshake());
                  }
                })
            .bind(HOST, 0)
            .syncUninterruptibly()
            .channel();
    port = ((InetSocketAddress) listening.localAddress()).getPort();
  }

  private void dial(int target) {
    new Bootstrap()
        .group(loop)
        .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                tls.dial(channel.pipeline(), HOST, target, new Handshake());
              }
            })
        .connect(HOST, target)
        .syncUninterruptibly();
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public C connected() {
    return secured.orTimeout(10, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private final class Handshake implements TlsListener {

    @Override
    public void secured(Channel channel, TlsPeer peer) {
      channel.pipeline().addLast(connection);
      secured.complete(connection);
    }

    @Override
    public void refused(Channel channel, HandshakeFailure failure) {
      secured.completeExceptionally(new IllegalStateException(failure.sentence()));
    }
  }
}
