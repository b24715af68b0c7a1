package io.restpipe.event;

import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A body from a publisher of buffers, which is held to the length that it has announced. */
final class PublisherBody implements Body {

  private final Flow.Publisher<ByteBuffer> buffers;
  private final long length;
  private final AtomicBoolean taken = new AtomicBoolean();

  PublisherBody(Flow.Publisher<ByteBuffer> buffers, long length) {
    this.buffers = buffers;
    this.length = length < 0 ? UNKNOWN_LENGTH : length;
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
    var wrapping = new Wrapping(subscriber, length);
    try {
      buffers.subscribe(wrapping);
    } catch (RuntimeException failed) {
      wrapping.failed(failed);
    }
  }

  @Override
  public void discard() {
    if (taken.compareAndSet(false, true)) {
      try {
        buffers.subscribe(new Cancelling());
      } catch (RuntimeException failed) {
        // Nobody reads it: nothing is lost.
      }
    }
  }

  /**
   * Signals come one after the other, so plain fields will do. A handler may have given any
   * publisher, whose elements may be anything.
   */
  private static final class Wrapping implements Flow.Subscriber<Object> {

    private final Flow.Subscriber<? super Chunk> subscriber;
    private final long length;

    private Flow.@Nullable Subscription subscription;
    private long sent;
    private boolean ended;

    Wrapping(Flow.Subscriber<? super Chunk> subscriber, long length) {
      this.subscriber = subscriber;
      this.length = length;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscriber.onSubscribe(subscription);
    }

    @Override
    public void onNext(Object element) {
      if (ended) {
        return;
      }
      if (!(element instanceof ByteBuffer bytes)) {
        failed(
            new IllegalStateException(
                "publisher gave a " + element.getClass().getName() + ", not a ByteBuffer"));
        return;
      }
      sent += bytes.remaining();
      if (length >= 0 && sent > length) {
        failed(broken("publisher gave more than the " + length + " bytes that it announced"));
        return;
      }
      subscriber.onNext(Chunk.of(bytes));
    }

    @Override
    public void onError(Throwable failure) {
      if (!ended) {
        ended = true;
        subscriber.onError(failure);
      }
    }

    @Override
    public void onComplete() {
      if (sent < length) {
        onError(broken("publisher ended after " + sent + " of " + length + " bytes"));
      } else if (!ended) {
        ended = true;
        subscriber.onComplete();
      }
    }

    private static BodyException broken(String message) {
      return new BodyException(BodyException.Reason.BROKEN_OFF, message);
    }

    void failed(Exception failure) {
      if (subscription == null) {
        subscriber.onSubscribe(NoSubscription.INSTANCE);
      } else {
        subscription.cancel();
      }
      onError(failure);
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
