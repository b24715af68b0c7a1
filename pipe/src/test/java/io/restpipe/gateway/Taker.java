package io.restpipe.gateway;

import io.restpipe.event.Chunk;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Reads a body as the test says. Any thread. */
final class Taker implements Flow.Subscriber<Chunk> {

  private static final int SHOWN = 1024;

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final List<Chunk> kept = new ArrayList<>();
  private Flow.@Nullable Subscription subscription;
  private boolean keep;
  private boolean oneByOne;
  private int chunks;
  private long bytes;
  private int outstanding;
  private int mostOutstanding;
  private boolean complete;
  private @Nullable Throwable failure;

  @Override
  public synchronized void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
  }

  void request(long n) {
    subscription().request(n);
  }

  private synchronized Flow.Subscription subscription() {
    return Objects.requireNonNull(subscription);
  }

  synchronized void keepChunks() {
    keep = true;
  }

  void requestOneAfterTheOther() {
    synchronized (this) {
      oneByOne = true;
    }
    request(1);
  }

  synchronized void releaseKept() {
    keep = false;
    kept.forEach(Chunk::release);
    kept.clear();
  }

  @Override
  public void onNext(Chunk chunk) {
    boolean more;
    synchronized (this) {
      outstanding++;
      mostOutstanding = Math.max(mostOutstanding, outstanding);
      chunks++;
      var copy = new byte[chunk.buffer().remaining()];
      chunk.buffer().get(copy);
      bytes += copy.length;
      if (shown.size() < SHOWN) {
        shown.writeBytes(copy);
      }
      if (keep) {
        kept.add(chunk);
      } else {
        outstanding--;
        chunk.release();
      }
      more = oneByOne;
    }
    if (more) {
      request(1);
    }
  }

  @Override
  public synchronized void onError(Throwable failure) {
    this.failure = failure;
  }

  @Override
  public synchronized void onComplete() {
    complete = true;
  }

  synchronized int chunks() {
    return chunks;
  }

  synchronized long bytes() {
    return bytes;
  }

  synchronized int mostOutstanding() {
    return mostOutstanding;
  }

  synchronized String text() {
    return shown.toString(StandardCharsets.UTF_8);
  }

  synchronized boolean complete() {
    return complete;
  }

  synchronized @Nullable Throwable failure() {
    return failure;
  }
}
