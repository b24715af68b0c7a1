package io.restpipe.event;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A body as a blocking stream. Holds at most {@link #AHEAD} chunks that were not read yet. */
final class BodyInputStream extends InputStream implements Flow.Subscriber<Chunk> {

  private static final int AHEAD = 16;

  // A lock, not a monitor: blocking in a monitor pins the carrier of a virtual thread before JDK
  // 24.
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Chunk> arrived = new ArrayDeque<>(AHEAD);

  private Flow.@Nullable Subscription subscription;
  private boolean complete;
  private boolean closed;
  private @Nullable Throwable failure;

  /** What the reading thread is in the middle of. */
  private @Nullable Chunk current;

  private BodyInputStream() {}

  static InputStream of(Body body) {
    ByteBuffer whole = body.whole();
    if (whole != null) {
      var bytes = new byte[whole.remaining()];
      whole.get(bytes);
      return new ByteArrayInputStream(bytes);
    }
    var stream = new BodyInputStream();
    body.subscribe(stream);
    return stream;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    subscription.request(AHEAD);
  }

  @Override
  public void onNext(Chunk chunk) {
    lock.lock();
    try {
      if (closed) {
        chunk.release();
        return;
      }
      arrived.add(chunk);
      changed.signal();
    } finally {
      lock.unlock();
    }
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
    Chunk chunk = current != null ? current : next();
    if (chunk == null) {
      return -1;
    }
    ByteBuffer buffer = chunk.buffer();
    int count = Math.min(length, buffer.remaining());
    buffer.get(into, offset, count);
    if (buffer.hasRemaining()) {
      current = chunk;
    } else {
      finish(chunk);
    }
    return count;
  }

  /** Waits for a chunk with bytes in it; null at the end. */
  private @Nullable Chunk next() throws IOException {
    while (true) {
      Chunk chunk = await();
      if (chunk == null || chunk.buffer().hasRemaining()) {
        return chunk;
      }
      finish(chunk);
    }
  }

  private @Nullable Chunk await() throws IOException {
    lock.lock();
    try {
      while (true) {
        if (closed) {
          throw new IOException("stream is closed");
        }
        Chunk chunk = arrived.poll();
        if (chunk != null) {
          return chunk;
        }
        if (failure != null) {
          throw failure instanceof IOException io
              ? io
              : new BodyException(
                  BodyException.Reason.BROKEN_OFF, "body broke off: " + failure, failure);
        }
        if (complete) {
          return null;
        }
        changed.await();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the body");
    } finally {
      lock.unlock();
    }
  }

  private void finish(Chunk chunk) {
    current = null;
    chunk.release();
    if (subscription != null) {
      subscription.request(1);
    }
  }

  @Override
  public int available() {
    return current == null ? 0 : current.buffer().remaining();
  }

  @Override
  public void close() {
    boolean unfinished;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      unfinished = !complete && failure == null;
      arrived.forEach(Chunk::release);
      arrived.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (current != null) {
      current.release();
      current = null;
    }
    if (unfinished && subscription != null) {
      subscription.cancel();
    }
  }
}
