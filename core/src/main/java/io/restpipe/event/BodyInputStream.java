package io.restpipe.event;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A body as a blocking stream. Holds at most {@link #AHEAD} chunks that were not read yet. One
 * thread reads; any thread may close.
 */
final class BodyInputStream extends InputStream implements Flow.Subscriber<Chunk> {

  private static final int AHEAD = 16;

  /**
   * Guards all that follows; the subscription and the chunks are never called while it is held. A
   * lock, not a monitor: waiting in a monitor pins the carrier of a virtual thread before JDK 24.
   */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();

  /** A chunk, and what of it was not read yet. */
  private record Unread(Chunk chunk, ByteBuffer rest) {}

  /** Not read to their ends; the first may be read in part. */
  private final ArrayDeque<Unread> arrived = new ArrayDeque<>(AHEAD);

  private Flow.@Nullable Subscription subscription;
  private boolean complete;
  private boolean closed;
  private @Nullable Throwable failure;

  private BodyInputStream() {}

  static InputStream of(Body body) {
    var stream = new BodyInputStream();
    ByteBuffer whole = body.whole();
    if (whole != null) {
      stream.arrived.add(new Unread(Chunk.of(whole), whole));
      stream.complete = true;
    } else {
      body.subscribe(stream);
    }
    return stream;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    boolean late;
    lock.lock();
    try {
      this.subscription = subscription;
      late = closed;
    } finally {
      lock.unlock();
    }
    if (late) {
      subscription.cancel();
    } else {
      subscription.request(AHEAD);
    }
  }

  @Override
  public void onNext(Chunk chunk) {
    lock.lock();
    try {
      if (!closed) {
        arrived.add(new Unread(chunk, chunk.buffer()));
        changed.signal();
        return;
      }
    } finally {
      lock.unlock();
    }
    chunk.release();
  }

  @Override
  public void onError(Throwable failure) {
    lock.lock();
    try {
      this.failure = failure;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onComplete() {
    lock.lock();
    try {
      complete = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    int count = 0;
    while (count == 0) {
      Unread used;
      lock.lock();
      try {
        Unread first = await();
        if (first == null) {
          return -1;
        }
        ByteBuffer buffer = first.rest();
        count = Math.min(length, buffer.remaining());
        buffer.get(into, offset, count);
        used = buffer.hasRemaining() ? null : arrived.remove();
      } finally {
        lock.unlock();
      }
      if (used != null) {
        finish(used.chunk());
      }
    }
    return count;
  }

  /** Holding the lock: waits for a chunk; null at the end. */
  private @Nullable Unread await() throws IOException {
    try {
      while (true) {
        if (closed) {
          throw new IOException("stream is closed");
        }
        Unread first = arrived.peek();
        if (first != null || (complete && failure == null)) {
          return first;
        }
        if (failure != null) {
          throw broken(failure);
        }
        changed.await();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the body");
    }
  }

  /** An exception of the reading thread's own: it may be thrown more than once. */
  private static IOException broken(Throwable failure) {
    BodyException.Reason reason =
        failure instanceof BodyException known ? known.reason() : BodyException.Reason.BROKEN_OFF;
    String message = failure.getMessage();
    return new BodyException(
        reason, message == null ? "body broke off: " + failure : message, failure);
  }

  private void finish(Chunk chunk) {
    chunk.release();
    Flow.Subscription from = subscription;
    if (from != null) {
      from.request(1);
    }
  }

  @Override
  public int available() {
    lock.lock();
    try {
      int available = 0;
      for (Unread unread : arrived) {
        available += unread.rest().remaining();
      }
      return available;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    List<Unread> left;
    Flow.Subscription unfinished;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      left = new ArrayList<>(arrived);
      arrived.clear();
      unfinished = complete || failure != null ? null : subscription;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    left.forEach(unread -> unread.chunk().release());
    if (unfinished != null) {
      unfinished.cancel();
    }
  }
}
