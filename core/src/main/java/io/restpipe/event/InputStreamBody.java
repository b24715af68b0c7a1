package io.restpipe.event;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A body read from a stream on an executor. A reading task runs while there is demand and ends when
 * there is none, so a slow taker holds no thread.
 */
final class InputStreamBody implements Body {

  private static final int CHUNK_SIZE = 16 * 1024;

  interface Source {
    InputStream open() throws IOException;
  }

  private final Source source;
  private final long length;
  private final Executor reader;
  private final AtomicBoolean taken = new AtomicBoolean();

  InputStreamBody(Source source, long length, Executor reader) {
    this.source = source;
    this.length = length;
    this.reader = reader;
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
    subscriber.onSubscribe(new Pump(subscriber));
  }

  @Override
  public void discard() {
    if (taken.compareAndSet(false, true)) {
      try {
        reader.execute(
            () -> {
              try {
                source.open().close();
              } catch (IOException ignored) {
                // Nobody reads it: nothing is lost.
              }
            });
      } catch (RejectedExecutionException shutDown) {
        // The node is closing; the stream goes with the process or the garbage collector.
      }
    }
  }

  private final class Pump implements Flow.Subscription, Runnable {

    private final Flow.Subscriber<? super Chunk> subscriber;
    private final AtomicLong demand = new AtomicLong();
    private volatile boolean cancelled;

    /** Owned by the one running task. */
    private @Nullable InputStream in;

    private long sent;
    private boolean ended;

    Pump(Flow.Subscriber<? super Chunk> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
      if (n <= 0) {
        return;
      }
      long before = demand.getAndUpdate(now -> now + n < 0 ? Long.MAX_VALUE : now + n);
      if (before == 0) {
        start();
      }
    }

    @Override
    public void cancel() {
      if (cancelled) {
        return;
      }
      cancelled = true;
      // A task is running or will be; it closes the stream. Without demand there is none: start
      // one.
      if (demand.getAndSet(Long.MAX_VALUE) == 0) {
        start();
      }
    }

    private void start() {
      try {
        reader.execute(this);
      } catch (RejectedExecutionException overloaded) {
        ended = true;
        subscriber.onError(overloaded);
      }
    }

    @Override
    public void run() {
      if (ended) {
        return;
      }
      try {
        long wanted = demand.get();
        while (true) {
          for (long i = 0; i < wanted; i++) {
            if (cancelled) {
              end();
              return;
            }
            if (!sendOne()) {
              return;
            }
          }
          wanted = demand.addAndGet(-wanted);
          if (wanted == 0) {
            return;
          }
        }
      } catch (IOException | RuntimeException failure) {
        end();
        if (!cancelled) {
          subscriber.onError(failure);
        }
      }
    }

    private boolean sendOne() throws IOException {
      if (in == null) {
        in = source.open();
      }
      var bytes = new byte[CHUNK_SIZE];
      int most = length < 0 ? CHUNK_SIZE : (int) Math.min(CHUNK_SIZE, length - sent);
      int count = most == 0 ? -1 : in.readNBytes(bytes, 0, most);
      if (count <= 0) {
        end();
        if (length >= 0 && sent < length) {
          throw new BodyException(
              BodyException.Reason.BROKEN_OFF,
              "source ended after " + sent + " of " + length + " bytes");
        }
        subscriber.onComplete();
        return false;
      }
      sent += count;
      subscriber.onNext(Chunk.of(ByteBuffer.wrap(bytes, 0, count)));
      if (sent == length) {
        end();
        subscriber.onComplete();
        return false;
      }
      return true;
    }

    private void end() {
      ended = true;
      if (in != null) {
        try {
          in.close();
        } catch (IOException ignored) {
          // All that was wanted has been read.
        }
      }
    }
  }
}
