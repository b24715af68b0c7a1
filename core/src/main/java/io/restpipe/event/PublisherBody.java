package io.restpipe.event;

import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A body from a publisher of buffers. */
final class PublisherBody implements Body {

  private final Flow.Publisher<ByteBuffer> buffers;
  private final long length;
  private final AtomicBoolean taken = new AtomicBoolean();

  PublisherBody(Flow.Publisher<ByteBuffer> buffers, long length) {
    this.buffers = buffers;
    this.length = length;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public @Nullable ByteBuffer whole() {
    return null;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super Chunk> subscriber) {
    if (!taken.compareAndSet(false, true)) {
      subscriber.onSubscribe(NoSubscription.INSTANCE);
      subscriber.onError(new IllegalStateException("body is read already"));
      return;
    }
    buffers.subscribe(new Wrapping(subscriber));
  }

  @Override
  public void discard() {
    if (taken.compareAndSet(false, true)) {
      buffers.subscribe(new Cancelling());
    }
  }

  private record Wrapping(Flow.Subscriber<? super Chunk> subscriber)
      implements Flow.Subscriber<ByteBuffer> {

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscriber.onSubscribe(subscription);
    }

    @Override
    public void onNext(ByteBuffer buffer) {
      subscriber.onNext(Chunk.of(buffer));
    }

    @Override
    public void onError(Throwable failure) {
      subscriber.onError(failure);
    }

    @Override
    public void onComplete() {
      subscriber.onComplete();
    }
  }

  /** Lets a publisher that nobody reads release what it holds. */
  private static final class Cancelling implements Flow.Subscriber<ByteBuffer> {

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.cancel();
    }

    @Override
    public void onNext(ByteBuffer buffer) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }
}
