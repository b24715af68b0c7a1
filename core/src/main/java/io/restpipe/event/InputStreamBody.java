package io.restpipe.event;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A body read from a stream on an executor. A reading task runs while there is demand and ends when
 * there is none, so a slow taker holds no thread. What the stream has is passed on at once; it is
 * not waited for until a chunk is full.
 */
final class InputStreamBody implements Body {

  private static final int CHUNK_SIZE = 16 * 1024;

  /** Where the bytes are: opened when they are wanted, closed in any case. */
  interface Source {
    InputStream open() throws IOException;

    /** Closes what was never opened. */
    default void close() throws IOException {}
  }

  /** A stream that is open already, and so has to be closed also where nobody reads it. */
  private record Opened(InputStream in) implements Source {

    @Override
    public InputStream open() {
      return in;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  private final Source source;
  private final long length;
  private final Executor reader;
  private final AtomicBoolean taken = new AtomicBoolean();

  private InputStreamBody(Source source, long length, Executor reader) {
    this.source = source;
    this.length = length < 0 ? UNKNOWN_LENGTH : length;
    this.reader = reader;
  }

  static InputStreamBody ofStream(InputStream in, long length, Executor reader) {
    return new InputStreamBody(new Opened(in), length, reader);
  }

  static InputStreamBody ofFile(Path file, Executor reader) {
    try {
      long size = Files.size(file);
      if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
        throw new IOException("not a readable file: " + file);
      }
      return new InputStreamBody(() -> Files.newInputStream(file), size, reader);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
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
    new Pump(subscriber).subscribe();
  }

  @Override
  public void discard() {
    if (taken.compareAndSet(false, true)) {
      try {
        reader.execute(this::closeSource);
      } catch (RejectedExecutionException shutDown) {
        closeSource();
      }
    }
  }

  private void closeSource() {
    try {
      source.close();
    } catch (IOException ignored) {
      // Nobody reads it: nothing is lost.
    }
  }

  private final class Pump implements Flow.Subscription, Runnable {

    private final Flow.Subscriber<? super Chunk> subscriber;

    /** One more than was asked for until the subscriber knows of its subscription. */
    private final AtomicLong demand = new AtomicLong(1);

    private volatile boolean cancelled;

    // Owned by the one running task.
    private @Nullable InputStream in;
    private long sent;
    private boolean ended;

    /** The thread that waits for the stream, to be interrupted. Guarded by this. */
    private @Nullable Thread waiting;

    Pump(Flow.Subscriber<? super Chunk> subscriber) {
      this.subscriber = subscriber;
    }

    void subscribe() {
      subscriber.onSubscribe(this);
      if (demand.decrementAndGet() > 0) {
        start();
      }
    }

    @Override
    public void request(long n) {
      if (n > 0 && demand.getAndUpdate(now -> now + n < 0 ? Long.MAX_VALUE : now + n) == 0) {
        start();
      }
    }

    @Override
    public void cancel() {
      synchronized (this) {
        if (cancelled) {
          return;
        }
        cancelled = true;
        if (waiting != null) {
          waiting.interrupt();
        }
      }
      // A task that runs closes the stream. Without demand there is none: start one.
      if (demand.getAndSet(Long.MAX_VALUE) == 0) {
        start();
      }
    }

    private void start() {
      try {
        reader.execute(this);
      } catch (RejectedExecutionException overloaded) {
        fail(overloaded);
      }
    }

    @Override
    public void run() {
      try {
        long wanted = demand.get();
        while (wanted > 0 && sendUpTo(wanted)) {
          wanted = demand.addAndGet(-wanted);
        }
      } catch (Throwable failure) {
        fail(failure);
      }
    }

    private void fail(Throwable failure) {
      if (!ended) {
        end();
        if (!cancelled) {
          subscriber.onError(failure);
        }
      }
    }

    /** False if that was the end. */
    private boolean sendUpTo(long wanted) throws IOException {
      for (long i = 0; i < wanted; i++) {
        if (ended) {
          return false;
        }
        if (cancelled) {
          end();
          return false;
        }
        sendOne();
      }
      return true;
    }

    private void sendOne() throws IOException {
      var bytes = new byte[most()];
      int count = bytes.length == 0 ? -1 : read(bytes);
      if (count < 0) {
        if (sent < length) {
          throw new BodyException(
              BodyException.Reason.BROKEN_OFF,
              "source ended after " + sent + " of " + length + " bytes");
        }
        complete();
        return;
      }
      if (count == 0) {
        return; // Cancelled.
      }
      sent += count;
      // A chunk may be kept for long: not with much more memory than it has bytes.
      byte[] kept = count < bytes.length / 2 ? Arrays.copyOf(bytes, count) : bytes;
      subscriber.onNext(Chunk.of(ByteBuffer.wrap(kept, 0, count)));
      if (sent == length) {
        complete();
      }
    }

    private int most() {
      return length < 0 ? CHUNK_SIZE : (int) Math.min(CHUNK_SIZE, length - sent);
    }

    private void complete() {
      end();
      if (!cancelled) {
        subscriber.onComplete();
      }
    }

    /** Waits for some bytes, and takes what more is there without waiting. */
    private int read(byte[] into) throws IOException {
      if (!enter()) {
        return 0;
      }
      try {
        if (in == null) {
          in = source.open();
        }
        int count = in.read(into, 0, into.length);
        if (count == 0) {
          count = readOne(in, into);
        }
        while (count > 0 && count < into.length && in.available() > 0) {
          int more = in.read(into, count, into.length - count);
          if (more <= 0) {
            break;
          }
          count += more;
        }
        return count;
      } finally {
        leave();
      }
    }

    /** For a stream that gives nothing where it should wait. */
    private static int readOne(InputStream in, byte[] into) throws IOException {
      int one = in.read();
      if (one >= 0) {
        into[0] = (byte) one;
      }
      return one < 0 ? -1 : 1;
    }

    private synchronized boolean enter() {
      if (cancelled) {
        return false;
      }
      waiting = Thread.currentThread();
      return true;
    }

    private synchronized void leave() {
      waiting = null;
      if (cancelled) {
        // The interrupt was for this stream, not for the thread's next task.
        Thread.interrupted();
      }
    }

    private void end() {
      if (ended) {
        return;
      }
      ended = true;
      try {
        if (in == null) {
          source.close();
        } else {
          in.close();
        }
      } catch (IOException ignored) {
        // All that was wanted has been read.
      }
    }
  }
}
