package io.restpipe.gateway;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.group.DefaultChannelGroup;
import io.restpipe.pipe.Peers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP face of a node. It ends in three steps, which the node takes: the heartbeat page says
 * 503 as soon as {@link NodeStatus#draining} does, {@link #refuse} turns new events away, and
 * {@link #close} waits for those that run. Any thread but an event loop's.
 */
public final class Gateway implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  private static final Duration DEFAULT_CLOSE_DEADLINE = Duration.ofSeconds(5);
  private static final int BACKLOG = 1024;
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(64 * 1024, 256 * 1024);

  private final GatewayAddress asked;
  private final GatewayContext context;
  private final Channel server;

  private Gateway(GatewayAddress asked, GatewayContext context, Channel server) {
    this.asked = asked;
    this.context = context;
    this.server = server;
  }

  /**
   * Starts to listen.
   *
   * @param group whose loops serve the callers; best the one that serves the pipe, so that an event
   *     need not change threads
   * @throws IOException if the address cannot be listened on, with what to do about it
   */
  public static Gateway start(
      EventLoopGroup group,
      GatewayListener listener,
      GatewayOptions options,
      Peers peers,
      NodeStatus node)
      throws IOException {
    GatewayAddress address = listener.address();
    var connections = new DefaultChannelGroup(group.next(), true);
    var context = new GatewayContext(listener, options, peers, node, connections);
    if (address.socketFile().isPresent()) {
      UnixSocketFile.removeStale(address.socketFile().get());
    }
    Channel server = bind(group, address, context);
    if (address.socketFile().isPresent()) {
      restrict(address.socketFile().get(), server);
    }
    return new Gateway(address, context, server);
  }

  private static Channel bind(EventLoopGroup group, GatewayAddress address, GatewayContext context)
      throws IOException {
    boolean epoll = group instanceof IoEventLoopGroup io && io.isIoType(EpollIoHandler.class);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channel(address.channelType(epoll))
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childHandler(new CallerChannels(context));
    if (address.socketFile().isEmpty()) {
      bootstrap
          .option(ChannelOption.SO_REUSEADDR, true)
          .childOption(ChannelOption.TCP_NODELAY, true);
    }
    SocketAddress local = address.socketAddress(epoll);
    if (local instanceof InetSocketAddress tcp && tcp.isUnresolved()) {
      throw cannotListen(address, "there is no such host", null);
    }
    ChannelFuture bound = bootstrap.bind(local).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw cannotListen(address, String.valueOf(bound.cause().getMessage()), bound.cause());
    }
    return bound.channel();
  }

  private static IOException cannotListen(
      GatewayAddress address, String why, @Nullable Throwable cause) {
    return new IOException(
        "gateway: cannot listen on "
            + address
            + ": "
            + why
            + "; stop what uses that address, or choose another",
        cause);
  }

  private static void restrict(Path file, Channel server) throws IOException {
    try {
      UnixSocketFile.restrict(file);
    } catch (IOException | UnsupportedOperationException failure) {
      server.close().awaitUninterruptibly();
      UnixSocketFile.remove(file);
      throw new IOException("gateway: cannot set the mode of " + file, failure);
    }
  }

  /**
   * Where it listens: {@code http://HOST:PORT} or {@code https://…} with the real port, or {@code
   * unix:PATH}.
   */
  public String address() {
    return server.localAddress() instanceof InetSocketAddress tcp
        ? (context.listener.https() ? "https://" : "http://") + Remote.text(tcp)
        : asked.toString();
  }

  /** From now on new events are answered 503; the pages and what runs go on. */
  public void refuse() {
    context.refuse();
  }

  /** Closes within 5 seconds. */
  @Override
  public void close() {
    close(DEFAULT_CLOSE_DEADLINE);
  }

  /**
   * Takes no more callers, ends idle connections, waits for running requests, and ends what is left
   * at the deadline. Calling it again does nothing.
   */
  public void close(Duration deadline) {
    context.close();
    server.close().awaitUninterruptibly();
    asked.socketFile().ifPresent(UnixSocketFile::remove);
    context.connections.forEach(Gateway::closeWhenIdle);
    if (!context
        .connections
        .newCloseFuture()
        .awaitUninterruptibly(nanos(deadline), TimeUnit.NANOSECONDS)) {
      LOG.warn(
          "gateway: {} requests did not end within {}; their connections are closed",
          context.connections.size(),
          deadline);
      context.connections.close().awaitUninterruptibly();
    }
  }

  private static long nanos(Duration deadline) {
    return deadline.isNegative() ? 0 : deadline.toNanos();
  }

  private static void closeWhenIdle(Channel channel) {
    try {
      channel.eventLoop().execute(() -> endWhenIdle(channel));
    } catch (RejectedExecutionException ended) {
      // The loop is gone, and the channel with it.
    }
  }

  private static void endWhenIdle(Channel channel) {
    HttpConnection connection = channel.pipeline().get(HttpConnection.class);
    if (connection == null) {
      channel.close();
    } else {
      connection.closeWhenIdle();
    }
  }
}
