package io.restpipe.pipe.internal.connection;

import io.netty.buffer.ByteBuf;
import io.restpipe.event.Body;
import io.restpipe.event.BodyException;
import io.restpipe.event.Chunk;
import io.restpipe.pipe.internal.wire.FrameWriter;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A body that is sent while credit and the channel allow it: one that is in memory, or one that is
 * asked for a few chunks at a time. On the loop; signals from other threads are brought there.
 */
final class OutboundBody implements Flow.Subscriber<Chunk> {

  /** Chunks that the source may be ahead of the network. */
  private static final int AHEAD = 8;

  private final Stream stream;
  private final PipeConnection connection;
  private final Body source;
  private final long announced;

  /** What is left of a body in memory; null for a source that is subscribed to. */
  private final @Nullable ByteBuffer whole;

  private final ArrayDeque<Chunk> chunks = new ArrayDeque<>(AHEAD);

  /** What is left of the first chunk. */
  private @Nullable ByteBuffer first;

  private Flow.@Nullable Subscription subscription;
  private long waiting;
  private long sent;
  private int written;
  private boolean complete;
  private boolean ended;
  private boolean scheduled;

  /** Signals on their way to the loop: while there are any, later ones must not overtake them. */
  private final AtomicInteger onTheWay = new AtomicInteger();

  OutboundBody(Stream stream, Body source, @Nullable ByteBuffer whole) {
    this.stream = stream;
    this.connection = stream.connection;
    this.source = source;
    this.whole = whole;
    this.announced = whole == null ? source.length() : whole.remaining();
  }

  void start() {
    if (whole != null) {
      waiting = whole.remaining();
      complete = true;
      schedule();
      return;
    }
    try {
      source.subscribe(this);
    } catch (RuntimeException thrown) {
      fail(thrown);
    }
  }

  // What is written.

  /** Takes its turn if there is something that may be written. */
  void schedule() {
    assert connection.loop().inEventLoop() : "not on the loop";
    if (!ended && !scheduled && (waiting > 0 ? stream.sendCredit > 0 : complete)) {
      scheduled = true;
      connection.scheduler().body(this);
      connection.wake();
    }
  }

  /** Takes its next turn, without giving way to bodies that began after it. */
  private void goOn() {
    if (!ended && !scheduled && (waiting > 0 ? stream.sendCredit > 0 : complete)) {
      scheduled = true;
      connection.scheduler().again(this);
    }
  }

  /** Bytes that have been written. */
  long sent() {
    return sent;
  }

  boolean needsCredit() {
    return !ended && waiting > 0;
  }

  /** Its turn: one frame. */
  void writeFrame(Outgoing out) {
    scheduled = false;
    if (ended) {
      return;
    }
    long allowed = Math.min(stream.sendCredit, connection.scheduler().connectionCredit());
    int most = (int) Math.min(FrameWriter.MAX_DATA_BYTES, Math.min(waiting, allowed));
    int size = out.fitting(FrameWriter.HEADER_BYTES + most) - FrameWriter.HEADER_BYTES;
    boolean last = announced >= 0 ? sent + size == announced : complete && size == waiting;
    if (size == 0 && !last) {
      return;
    }
    ByteBuf batch = out.batch(size + FrameWriter.HEADER_BYTES);
    if (ended) {
      return;
    }
    FrameWriter.dataHeader(batch, stream.id, size, last);
    copy(batch, size);
    waiting -= size;
    sent += size;
    stream.spend(size);
    stream.progress();
    if (last) {
      stop();
      stream.outboundEnded();
    } else {
      askForMore();
      goOn();
    }
  }

  private void copy(ByteBuf batch, int size) {
    if (whole != null) {
      batch.writeBytes(part(whole, size));
      return;
    }
    int left = size;
    while (left > 0) {
      ByteBuffer bytes = first == null ? chunks.element().buffer().duplicate() : first;
      int count = Math.min(left, bytes.remaining());
      batch.writeBytes(part(bytes, count));
      left -= count;
      first = bytes;
      if (!bytes.hasRemaining()) {
        first = null;
        chunks.remove().release();
        written++;
      }
    }
  }

  /** The next bytes, which are then behind the buffer's position. */
  private static ByteBuffer part(ByteBuffer bytes, int count) {
    ByteBuffer part = bytes.slice(bytes.position(), count);
    bytes.position(bytes.position() + count);
    return part;
  }

  private void askForMore() {
    if (subscription != null && written >= AHEAD / 2) {
      int count = written;
      written = 0;
      subscription.request(count);
    }
  }

  /** Nothing more is sent; lets go of the source. */
  void stop() {
    if (ended) {
      return;
    }
    ended = true;
    waiting = 0;
    first = null;
    Chunk chunk;
    while ((chunk = chunks.poll()) != null) {
      chunk.release();
    }
    if (subscription != null && !complete) {
      subscription.cancel();
    }
  }

  private void fail(Throwable failure) {
    if (!ended) {
      stop();
      stream.bodyFailed(failure);
    }
  }

  // What the source says, on any thread.

  @Override
  public void onSubscribe(Flow.Subscription given) {
    onLoop(() -> subscribed(given), given::cancel);
  }

  private void subscribed(Flow.Subscription given) {
    if (ended || subscription != null) {
      given.cancel();
      return;
    }
    subscription = given;
    given.request(AHEAD);
  }

  @Override
  public void onNext(Chunk chunk) {
    onLoop(() -> next(chunk), chunk::release);
  }

  private void next(Chunk chunk) {
    int size = chunk.buffer().remaining();
    if (ended) {
      chunk.release();
      return;
    }
    if (chunks.size() > AHEAD) {
      chunk.release();
      fail(new IllegalStateException("the body publishes more than was requested"));
      return;
    }
    if (announced >= 0 && sent + waiting + size > announced) {
      chunk.release();
      fail(wrongLength("more"));
      return;
    }
    if (size == 0) {
      chunk.release();
      written++;
      askForMore();
      return;
    }
    chunks.add(chunk);
    waiting += size;
    schedule();
  }

  @Override
  public void onError(Throwable failure) {
    onLoop(() -> failed(failure), () -> {});
  }

  private void failed(Throwable failure) {
    complete = true;
    fail(failure);
  }

  @Override
  public void onComplete() {
    onLoop(this::completed, () -> {});
  }

  private void completed() {
    complete = true;
    if (!ended && announced >= 0 && sent + waiting < announced) {
      fail(wrongLength("less"));
      return;
    }
    schedule();
  }

  private BodyException wrongLength(String than) {
    return new BodyException(
        BodyException.Reason.BROKEN_OFF,
        "the body has " + than + " than the " + announced + " bytes that it announced");
  }

  private void onLoop(Runnable signal, Runnable abandoned) {
    if (connection.loop().inEventLoop() && onTheWay.get() == 0) {
      signal.run();
      return;
    }
    onTheWay.incrementAndGet();
    connection.bring(
        new LoopTask() {
          @Override
          void run() {
            onTheWay.decrementAndGet();
            signal.run();
          }

          @Override
          void abandon() {
            abandoned.run();
          }
        });
  }
}
