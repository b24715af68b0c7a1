package io.restpipe.event;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes a body as it is asked to, and remembers the signals. */
final class Recorder implements Flow.Subscriber<Chunk> {

  final AtomicInteger chunks = new AtomicInteger();
  final AtomicInteger ends = new AtomicInteger();

  volatile Flow.Subscription subscription;
  volatile Throwable failure;
  volatile boolean complete;

  private final long first;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CountDownLatch ended = new CountDownLatch(1);

  Recorder(long first) {
    this.first = first;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    if (first > 0) {
      subscription.request(first);
    }
  }

  @Override
  public void onNext(Chunk chunk) {
    if (ends.get() > 0) {
      throw new AssertionError("a chunk after the end");
    }
    var copy = new byte[chunk.buffer().remaining()];
    chunk.buffer().duplicate().get(copy);
    synchronized (bytes) {
      bytes.writeBytes(copy);
    }
    chunk.release();
    chunks.incrementAndGet();
  }

  @Override
  public void onError(Throwable failure) {
    this.failure = failure;
    ends.incrementAndGet();
    ended.countDown();
  }

  @Override
  public void onComplete() {
    complete = true;
    ends.incrementAndGet();
    ended.countDown();
  }

  byte[] bytes() {
    synchronized (bytes) {
      return bytes.toByteArray();
    }
  }

  Recorder awaitEnd() throws InterruptedException {
    if (!ended.await(10, TimeUnit.SECONDS)) {
      throw new AssertionError("no end after " + chunks + " chunks");
    }
    return this;
  }
}
