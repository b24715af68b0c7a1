package io.restpipe.pipe.internal.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The event loops, one set for all nodes of a process: a thousand clients need no more threads than
 * one. Every {@link #acquire} is matched by one {@link #release}; the last one ends the threads.
 */
public final class Transport {

  private static final int BLOCKING_THREADS = 16;
  private static final int BLOCKING_QUEUE = 20_000;

  private static final Object LOCK = new Object();
  private static @Nullable Transport shared;

  private final boolean epoll = Epoll.isAvailable();
  private final EventLoopGroup group;
  private final ThreadPoolExecutor blocking;

  /** Guarded by {@link #LOCK}. */
  private int users;

  private Transport() {
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
    this.group =
        new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("restpipe-loop"), io);
    this.blocking =
        new ThreadPoolExecutor(
            BLOCKING_THREADS,
            BLOCKING_THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(BLOCKING_QUEUE),
            new DefaultThreadFactory("restpipe-blocking", true));
    blocking.allowCoreThreadTimeOut(true);
  }

  public static Transport acquire() {
    synchronized (LOCK) {
      if (shared == null) {
        shared = new Transport();
      }
      shared.users++;
      return shared;
    }
  }

  public void release() {
    synchronized (LOCK) {
      if (--users == 0) {
        shared = null;
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        blocking.shutdown();
      }
    }
  }

  public EventLoopGroup group() {
    return group;
  }

  /** Whether the calling thread is one of the loops', which must not wait for the others. */
  public boolean onLoop() {
    for (EventExecutor loop : group) {
      if (loop.inEventLoop()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Waits until the loops have done what they were at, so that what it told has been told; false if
   * they take longer. Not on a loop.
   */
  public boolean settle(Duration atMost) throws InterruptedException {
    var busy = new Phaser(1);
    for (EventExecutor loop : group) {
      busy.register();
      loop.execute(busy::arriveAndDeregister);
    }
    try {
      busy.awaitAdvanceInterruptibly(busy.arrive(), atMost.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException late) {
      return false;
    }
  }

  /** For short work that may block: host look-ups, listeners. Refuses when too much waits. */
  public Executor blocking() {
    return blocking;
  }

  /** For connections that are dialed from one event loop. */
  public Bootstrap dialing(EventLoop loop) {
    return new Bootstrap()
        .group(loop)
        .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class);
  }

  /** For connections that this node accepts. */
  public ServerBootstrap accepting() {
    return new ServerBootstrap()
        .group(group)
        .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class);
  }

  /** What is in use, for people. */
  public String name() {
    return epoll ? "epoll" : "nio";
  }
}
