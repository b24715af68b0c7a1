package io.restpipe.pipe.internal.connection;

import io.netty.buffer.ByteBuf;
import io.restpipe.event.Body;
import io.restpipe.event.BodyException;
import io.restpipe.event.Chunk;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A complete body in the buffers that it came in, which are released as it is read. Any thread. */
final class GatheredBody implements Body {

  private final long length;
  private final AtomicBoolean taken = new AtomicBoolean();

  /** Guarded by itself. */
  private final ArrayDeque<ByteBuf> pieces;

  /** The buffers become the body's. */
  GatheredBody(ArrayDeque<ByteBuf> pieces, long length) {
    this.pieces = pieces;
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
  public void subscribe(Flow.Subscriber<? super Chunk> reader) {
    var handing = new Handing(reader);
    boolean refused = !taken.compareAndSet(false, true);
    handing.ended.set(refused);
    reader.onSubscribe(handing);
    if (refused) {
      reader.onError(new IllegalStateException("body is read or discarded already"));
    } else if (length == 0) {
      handing.end(null);
    }
  }

  @Override
  public void discard() {
    taken.set(true);
    synchronized (pieces) {
      pieces.forEach(ByteBuf::release);
      pieces.clear();
    }
  }

  private @Nullable ByteBuf next() {
    synchronized (pieces) {
      return pieces.poll();
    }
  }

  /** Hands the pieces to a reader, on the thread that asks for them. */
  private final class Handing implements Flow.Subscription {

    private final Flow.Subscriber<? super Chunk> reader;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicLong demand = new AtomicLong();
    private long handed;

    Handing(Flow.Subscriber<? super Chunk> reader) {
      this.reader = reader;
    }

    @Override
    public void request(long n) {
      if (n <= 0) {
        discard();
        end(new IllegalArgumentException("request < 1: " + n));
        return;
      }
      // Who finds no demand hands out; the others, and a reader that asks for more, only add.
      if (demand.getAndUpdate(before -> before + n < 0 ? Long.MAX_VALUE : before + n) == 0) {
        handOut();
      }
    }

    private void handOut() {
      do {
        ByteBuf piece = ended.get() ? null : next();
        if (piece == null) {
          // Demand stays: nobody hands out any more.
          end(new BodyException(BodyException.Reason.DISCARDED, "the body was discarded"));
          return;
        }
        handed += piece.readableBytes();
        reader.onNext(new GatheredChunk(piece));
        if (handed == length) {
          end(null);
          return;
        }
      } while (demand.decrementAndGet() > 0);
    }

    void end(@Nullable Throwable failure) {
      if (!ended.compareAndSet(false, true)) {
        return;
      }
      if (failure == null) {
        reader.onComplete();
      } else {
        reader.onError(failure);
      }
    }

    @Override
    public void cancel() {
      if (ended.compareAndSet(false, true)) {
        discard();
      }
    }
  }

  /** One of the buffers. */
  private static final class GatheredChunk implements Chunk {

    private final ByteBuf piece;
    private final ByteBuffer view;
    private final AtomicBoolean released = new AtomicBoolean();

    GatheredChunk(ByteBuf piece) {
      this.piece = piece;
      this.view = piece.nioBuffer();
    }

    @Override
    public ByteBuffer buffer() {
      return view;
    }

    @Override
    public void release() {
      if (released.compareAndSet(false, true)) {
        piece.release();
      }
    }
  }
}
