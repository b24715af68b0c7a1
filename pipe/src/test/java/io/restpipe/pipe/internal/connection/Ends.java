package io.restpipe.pipe.internal.connection;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The two ends of TCP connections over loopback, with an allocator that counts. */
final class Ends implements AutoCloseable {

  /** Small, so that a peer that does not read is felt soon. */
  private static final int SOCKET_BUFFER = 128 * 1024;

  final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

  /**
   * Connects two pipelines.
   *
   * @return the dialing channel
   */
  Channel connect(Consumer<ChannelPipeline> dialing, Consumer<ChannelPipeline> accepting)
      throws Exception {
    Channel server =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.ALLOCATOR, allocator)
            .childOption(ChannelOption.SO_SNDBUF, SOCKET_BUFFER)
            .childHandler(initializer(accepting))
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sync()
            .channel();
    try {
      return new Bootstrap()
          .group(group)
          .channel(NioSocketChannel.class)
          .option(ChannelOption.ALLOCATOR, allocator)
          .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER)
          .handler(initializer(dialing))
          .connect(server.localAddress())
          .sync()
          .channel();
    } finally {
      // The backlog may still hold the connection: close only once it was accepted.
      CompletableFuture.runAsync(
          () -> server.close(), CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS));
    }
  }

  private static ChannelInitializer<Channel> initializer(Consumer<ChannelPipeline> handlers) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        handlers.accept(channel.pipeline());
      }
    };
  }

  /** Bytes in buffers that nobody has released. */
  long held() {
    return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
  }

  @Override
  public void close() throws Exception {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
  }
}
