package io.restpipe.pipe.internal.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.restpipe.security.NodeRole;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** An accepting and a dialing end on one machine, and what each was told. */
final class Loopback implements AutoCloseable {

  /** One for all tests: to start and stop one takes longer than a test. */
  private static final MultiThreadIoEventLoopGroup LOOPS =
      new MultiThreadIoEventLoopGroup(
          2, new DefaultThreadFactory("loopback", true), NioIoHandler.newFactory());

  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel listening;

  final Ear accepting = new Ear(NodeRole.CLIENT, "welcome");

  Loopback(TlsContexts contexts) {
    listening =
        new ServerBootstrap()
            .group(LOOPS)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channels.add(channel);
                    contexts.accept(channel.pipeline(), accepting);
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  Ear dial(TlsContexts contexts) {
    return dial(contexts, "localhost", port());
  }

  Ear dial(TlsContexts contexts, String host, int port) {
    var ear = new Ear(NodeRole.SERVER, "hello");
    new Bootstrap()
        .group(LOOPS)
        .channel(NioSocketChannel.class)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channels.add(channel);
                contexts.dial(channel.pipeline(), host, port, ear);
              }
            })
        .connect("127.0.0.1", port)
        .syncUninterruptibly();
    return ear;
  }

  /** A client that is not one of ours. */
  void dial(SslContext context) {
    new Bootstrap()
        .group(LOOPS)
        .channel(NioSocketChannel.class)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channels.add(channel);
                channel
                    .pipeline()
                    .addLast(context.newHandler(channel.alloc(), "localhost", port()))
                    .addLast(new Deaf());
              }
            })
        .connect("127.0.0.1", port())
        .syncUninterruptibly();
  }

  @Override
  public void close() {
    listening.close().syncUninterruptibly();
    channels.close().syncUninterruptibly();
  }

  private static final class Deaf extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  /** Says one word when it is secured, and keeps what it hears. */
  static final class Ear implements TlsListener {

    private final NodeRole peer;
    private final String word;
    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

    private volatile @Nullable SSLSession session;

    Ear(NodeRole peer, String word) {
      this.peer = peer;
      this.word = word;
    }

    @Override
    public void secured(Channel channel, TlsPeer tlsPeer) {
      session = channel.pipeline().get(SslHandler.class).engine().getSession();
      heard.add(tlsPeer);
      channel.pipeline().addLast(new Reader());
      channel.writeAndFlush(channel.alloc().buffer().writeBytes(word.getBytes(US_ASCII)));
    }

    @Override
    public void refused(Channel channel, HandshakeFailure failure) {
      heard.add(failure);
    }

    /** The next thing: a {@link TlsPeer}, a {@link HandshakeFailure}, or a word. */
    Object next() throws InterruptedException {
      @Nullable Object next = heard.poll(15, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing heard of the " + peer + " for 15 s");
      }
      return next;
    }

    TlsPeer peer() throws InterruptedException {
      Object next = next();
      if (next instanceof TlsPeer tlsPeer) {
        return tlsPeer;
      }
      throw new AssertionError("not secured: " + next);
    }

    SSLSession session() {
      return Objects.requireNonNull(session);
    }

    /** The failure, whether the handshake failed or the first read after it. */
    HandshakeFailure failure() throws InterruptedException {
      Object next = next();
      if (next instanceof TlsPeer) {
        next = next();
      }
      if (next instanceof HandshakeFailure failure) {
        return failure;
      }
      throw new AssertionError("did not fail: " + next);
    }

    private final class Reader extends ChannelInboundHandlerAdapter {
      @Override
      public void channelRead(ChannelHandlerContext ctx, Object message) {
        heard.add(((ByteBuf) message).toString(US_ASCII));
        ReferenceCountUtil.release(message);
      }

      @Override
      public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        heard.add(HandshakeFailure.of(cause, peer));
        ctx.close();
      }

      @Override
      public void channelInactive(ChannelHandlerContext ctx) {
        heard.add("closed");
      }
    }
  }
}
