package io.restpipe.event;

import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A body whose signals the test gives, one by one, and whose chunks it counts. */
final class ScriptedBody implements Body {

  final AtomicLong requested = new AtomicLong();
  final AtomicInteger held = new AtomicInteger();

  volatile boolean cancelled;
  volatile boolean discarded;
  volatile Flow.Subscriber<? super Chunk> subscriber;

  private final long length;

  ScriptedBody(long length) {
    this.length = length;
  }

  ScriptedBody() {
    this(UNKNOWN_LENGTH);
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public ByteBuffer whole() {
    return null;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super Chunk> subscriber) {
    this.subscriber = subscriber;
    subscriber.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long n) {
            requested.getAndUpdate(now -> now + n < 0 ? Long.MAX_VALUE : now + n);
          }

          @Override
          public void cancel() {
            cancelled = true;
          }
        });
  }

  @Override
  public void discard() {
    discarded = true;
  }

  void give(byte... bytes) {
    held.incrementAndGet();
    subscriber.onNext(new Counted(bytes));
  }

  /** A chunk that gives a fresh buffer each time it is asked, and none after its release. */
  private final class Counted implements Chunk {

    private final byte[] bytes;
    private boolean released;

    Counted(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public synchronized ByteBuffer buffer() {
      if (released) {
        throw new AssertionError("used after release");
      }
      return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    @Override
    public synchronized void release() {
      if (!released) {
        released = true;
        held.decrementAndGet();
      }
    }
  }
}
