package io.restpipe.pipe.internal.dispatch;

import java.lang.reflect.Method;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Where handlers that may block run: each on a virtual thread where the JDK has them, else on a
 * bounded pool. One for each node; {@link #close} interrupts what still runs.
 */
public final class HandlerExecutor implements AutoCloseable {

  /**
   * How much may run at once.
   *
   * @param virtualThreads the most handlers at once on virtual threads
   * @param poolThreads the most handlers at once where there are no virtual threads
   * @param poolQueue the most handlers that wait for a thread of the pool
   */
  public record Limits(int virtualThreads, int poolThreads, int poolQueue) {

    /** 10,000 on virtual threads; 256 on a pool, and 4,096 more waiting for it. */
    public static final Limits DEFAULT = new Limits(10_000, 256, 4096);

    public Limits {
      if (virtualThreads < 1 || poolThreads < 1 || poolQueue < 1) {
        throw new IllegalArgumentException(
            "a limit of handlers is < 1: "
                + virtualThreads
                + " virtual threads, "
                + poolThreads
                + " pool threads, "
                + poolQueue
                + " waiting");
      }
    }
  }

  private static final int STREAM_THREADS = 64;
  private static final int HOOK_THREADS = 8;
  private static final int UNUSED_SECONDS = 30;

  private final boolean virtual;
  private final int most;
  private final ExecutorService handlers;
  private final ExecutorService streams;
  private final ExecutorService hooks;
  private final AtomicInteger running = new AtomicInteger();

  private HandlerExecutor(@Nullable ExecutorService virtual, Limits limits) {
    this.virtual = virtual != null;
    this.most =
        virtual != null ? limits.virtualThreads() : limits.poolThreads() + limits.poolQueue();
    if (virtual != null) {
      handlers = virtual;
      streams = virtual;
      hooks = virtual;
    } else {
      handlers = pool("restpipe-handler-", limits.poolThreads());
      streams = pool("restpipe-stream-", STREAM_THREADS);
      hooks = pool("restpipe-hook-", HOOK_THREADS);
    }
  }

  public static HandlerExecutor create() {
    return create(Limits.DEFAULT);
  }

  public static HandlerExecutor create(Limits limits) {
    return new HandlerExecutor(virtualThreads(), limits);
  }

  /** On a pool also where the JDK has virtual threads. */
  public static HandlerExecutor pooled(Limits limits) {
    return new HandlerExecutor(null, limits);
  }

  /** The queue is bounded by whoever fills it: handlers are counted, streams belong to replies. */
  private static ExecutorService pool(String name, int threads) {
    var pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            UNUSED_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            named(name));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ThreadFactory named(String name) {
    var number = new AtomicInteger();
    return task -> {
      var thread = new Thread(task, name + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Virtual threads came with JDK 21, later than the oldest JDK that this is built for. */
  private static @Nullable ExecutorService virtualThreads() {
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Class<?> type = Class.forName("java.lang.Thread$Builder");
      builder =
          type.getMethod("name", String.class, long.class).invoke(builder, "restpipe-handler-", 1L);
      Object factory = type.getMethod("factory").invoke(builder);
      Method perTask = Executors.class.getMethod("newThreadPerTaskExecutor", ThreadFactory.class);
      return (ExecutorService) perTask.invoke(null, factory);
    } catch (ReflectiveOperationException | UnsupportedOperationException none) {
      return null;
    }
  }

  /** Runs a handler; false if too many are running, or the node is closing. Any thread. */
  boolean execute(Runnable handler) {
    if (running.incrementAndGet() > most) {
      running.decrementAndGet();
      return false;
    }
    try {
      handlers.execute(
          () -> {
            try {
              handler.run();
            } finally {
              running.decrementAndGet();
            }
          });
      return true;
    } catch (RejectedExecutionException closing) {
      running.decrementAndGet();
      return false;
    }
  }

  /** Reads files and streams that replies are made of. */
  public Executor streams() {
    return streams;
  }

  /** Runs what is called once for each connection. */
  public Executor hooks() {
    return hooks;
  }

  /** Whether handlers run on virtual threads. */
  public boolean virtual() {
    return virtual;
  }

  /** How many handlers run, or wait for a thread. */
  public int running() {
    return running.get();
  }

  /** Takes no more and interrupts what still runs; does not wait for it. */
  @Override
  public void close() {
    handlers.shutdownNow();
    streams.shutdownNow();
    hooks.shutdownNow();
  }
}
