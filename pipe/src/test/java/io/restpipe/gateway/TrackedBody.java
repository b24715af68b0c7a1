package io.restpipe.gateway;

import io.restpipe.event.Body;
import io.restpipe.event.Chunk;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A body of equal chunks that counts how many were handed out and not given back. It is asked from
 * one thread at a time.
 */
final class TrackedBody implements Body {

  private final int chunkSize;
  private final long chunks;
  private final Executor executor;
  private long announced;
  private long failAt = Long.MAX_VALUE;

  private final AtomicLong outstanding = new AtomicLong();
  private final AtomicLong mostOutstanding = new AtomicLong();
  private final AtomicLong published = new AtomicLong();
  private final AtomicBoolean discarded = new AtomicBoolean();
  private final AtomicBoolean cancelled = new AtomicBoolean();

  TrackedBody(int chunkSize, long chunks) {
    this(chunkSize, chunks, Runnable::run);
  }

  TrackedBody(int chunkSize, long chunks, Executor executor) {
    this.chunkSize = chunkSize;
    this.chunks = chunks;
    this.executor = executor;
    this.announced = chunkSize * chunks;
  }

  TrackedBody announcing(long length) {
    announced = length;
    return this;
  }

  TrackedBody failingAt(long chunk) {
    failAt = chunk;
    return this;
  }

  long mostOutstanding() {
    return mostOutstanding.get();
  }

  long outstanding() {
    return outstanding.get();
  }

  long published() {
    return published.get();
  }

  boolean discarded() {
    return discarded.get();
  }

  boolean cancelled() {
    return cancelled.get();
  }

  @Override
  public long length() {
    return announced;
  }

  @Override
  public @Nullable ByteBuffer whole() {
    return null;
  }

  @Override
  public void discard() {
    discarded.set(true);
  }

  @Override
  public void subscribe(Flow.Subscriber<? super Chunk> subscriber) {
    subscriber.onSubscribe(new Source(subscriber));
  }

  private final class Source implements Flow.Subscription {

    private final Flow.Subscriber<? super Chunk> subscriber;
    private final AtomicLong demand = new AtomicLong();
    private boolean done;

    Source(Flow.Subscriber<? super Chunk> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
      if (demand.getAndAdd(n) == 0) {
        executor.execute(this::emit);
      }
    }

    private void emit() {
      long wanted = demand.get();
      while (wanted > 0) {
        for (long i = 0; i < wanted && !done && !cancelled.get(); i++) {
          one();
        }
        wanted = demand.addAndGet(-wanted);
      }
    }

    private void one() {
      if (published.get() == failAt) {
        done = true;
        subscriber.onError(new IllegalStateException("the body fails here"));
        return;
      }
      if (published.get() < chunks) {
        published.incrementAndGet();
        long now = outstanding.incrementAndGet();
        mostOutstanding.accumulateAndGet(now, Math::max);
        subscriber.onNext(new TrackedChunk());
      }
      if (published.get() == chunks && failAt > chunks) {
        done = true;
        subscriber.onComplete();
      }
    }

    @Override
    public void cancel() {
      cancelled.set(true);
    }
  }

  private final class TrackedChunk implements Chunk {

    private final ByteBuffer bytes = ByteBuffer.allocate(chunkSize);
    private final AtomicBoolean released = new AtomicBoolean();

    @Override
    public ByteBuffer buffer() {
      return bytes;
    }

    @Override
    public void release() {
      if (released.compareAndSet(false, true)) {
        outstanding.decrementAndGet();
      }
    }
  }
}
