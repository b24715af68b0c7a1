package io.restpipe.pipe.internal.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.restpipe.event.Body;
import io.restpipe.event.BodyException;
import io.restpipe.event.Chunk;
import io.restpipe.pipe.internal.wire.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A body that comes from the network while it is read. It holds what the peer's credit allows; a
 * released chunk gives credit back. Its state belongs to the loop, where all signals are sent; what
 * readers on other threads ask for is gathered and brought there as one task.
 */
final class InboundBody extends LoopTask implements Body, Flow.Subscription {

  /** Pieces below this size are gathered: each alone would cost more than it holds. */
  private static final int SMALL_BYTES = 1024;

  private static final int GATHER_BYTES = 4 * 1024;

  private final Stream stream;
  private final PipeConnection connection;
  private final long length;
  private final ReceiveWindow window;

  private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>(4);

  /** The last buffer in the queue if small pieces may be added to it. */
  private @Nullable ByteBuf gathering;

  private long received;
  private int buffered;
  private boolean complete;

  /** Nothing is held any more, and nothing will be. */
  private boolean finished;

  private @Nullable BodyException failure;
  private Flow.@Nullable Subscriber<? super Chunk> subscriber;
  private long demand;
  private boolean flowing;

  /** Bytes to be granted with the next CREDIT frame; owned by {@link ControlFrames}. */
  int grant;

  // Written by readers on any thread.
  private final AtomicBoolean taken = new AtomicBoolean();
  private final AtomicLong requested = new AtomicLong();
  private final AtomicInteger released = new AtomicInteger();
  private final AtomicBoolean queued = new AtomicBoolean();

  InboundBody(Stream stream, long length) {
    this.stream = stream;
    this.connection = stream.connection;
    this.length = length;
    this.window = connection.newStreamWindow();
  }

  int streamId() {
    return stream.id;
  }

  boolean wantsMore() {
    return stream.receiving();
  }

  boolean finished() {
    return finished;
  }

  int buffered() {
    return buffered;
  }

  // What comes in; on the loop.

  /** Takes a piece; {@link #flow} passes it on. */
  void append(ByteBuf bytes, boolean end) throws ProtocolException {
    int count = bytes.readableBytes();
    boolean kept = false;
    try {
      window.take(count, "stream " + stream.id);
      received += count;
      if (length >= 0 && (received > length || (end && received < length))) {
        throw Stream.wrongLength(stream.id, length, received);
      }
      complete = end;
      if (count > 0 && !finished) {
        kept = keep(bytes, count);
        buffered += count;
      }
    } finally {
      if (!kept) {
        bytes.release();
      }
    }
  }

  /** Says whether the buffer itself is kept, not a copy of its bytes. */
  private boolean keep(ByteBuf bytes, int count) {
    ByteBuf last = gathering;
    boolean fits = last != null && last.writableBytes() >= count;
    if (count >= SMALL_BYTES || (complete && !fits)) {
      queue.add(bytes);
      gathering = null;
      return true;
    }
    if (last == null || !fits) {
      last = Unpooled.buffer(GATHER_BYTES, GATHER_BYTES);
      gathering = last;
      queue.add(last);
    }
    last.writeBytes(bytes);
    return false;
  }

  /** All bytes of a complete body that nobody has subscribed to. */
  byte[] takeAll() {
    var all = new byte[buffered];
    int at = 0;
    ByteBuf next;
    while ((next = queue.poll()) != null) {
      int count = next.readableBytes();
      next.readBytes(all, at, count);
      at += count;
      next.release();
    }
    finish();
    connection.read(at);
    return all;
  }

  /** Passes on what is there and asked for. */
  void flow() {
    assert connection.loop().inEventLoop() : "not on the loop";
    Flow.Subscriber<? super Chunk> reader = subscriber;
    if (flowing || finished || reader == null) {
      return;
    }
    flowing = true;
    try {
      while (demand > 0 && !finished && !queue.isEmpty()) {
        reader.onNext(nextChunk());
      }
    } catch (RuntimeException thrown) {
      connection.callbackFailed("a reader of stream " + stream.id, thrown);
      cancelOnLoop();
    } finally {
      flowing = false;
    }
    if (complete && !finished && queue.isEmpty()) {
      finish();
      signal(reader::onComplete);
    }
  }

  @SuppressWarnings("ReferenceEquality") // The very buffer that small pieces are gathered in.
  private Chunk nextChunk() {
    if (demand != Long.MAX_VALUE) {
      demand--;
    }
    ByteBuf next = queue.remove();
    if (next == gathering) {
      gathering = null;
    }
    buffered -= next.readableBytes();
    stream.progress();
    return new ReceivedChunk(this, next);
  }

  /** The rest will not come, or is not to be had any more. */
  void breakOff(BodyException broken) {
    if (finished) {
      return;
    }
    failure = broken;
    dropQueue();
    finish();
    Flow.Subscriber<? super Chunk> reader = subscriber;
    if (reader != null) {
      signal(() -> reader.onError(broken));
    }
  }

  private void dropQueue() {
    ByteBuf next;
    while ((next = queue.poll()) != null) {
      next.release();
    }
    gathering = null;
    int dropped = buffered;
    buffered = 0;
    connection.read(dropped);
  }

  private void finish() {
    finished = true;
    gathering = null;
    buffered = 0;
    stream.inboundFinished();
  }

  private void signal(Runnable signal) {
    try {
      signal.run();
    } catch (RuntimeException thrown) {
      connection.callbackFailed("a reader of stream " + stream.id, thrown);
    }
  }

  // What readers ask for, on any thread.

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
    if (!taken.compareAndSet(false, true)) {
      reader.onSubscribe(Nothing.INSTANCE);
      reader.onError(new IllegalStateException("body is read or discarded already"));
      return;
    }
    connection.execute(
        () -> subscribeOnLoop(reader),
        () -> {
          reader.onSubscribe(Nothing.INSTANCE);
          reader.onError(
              new BodyException(BodyException.Reason.BROKEN_OFF, "the event loop has ended"));
        });
  }

  @Override
  public CompletableFuture<Body> gather(int limit) {
    return Gathering.of(this, limit);
  }

  private void subscribeOnLoop(Flow.Subscriber<? super Chunk> reader) {
    subscriber = reader;
    signal(() -> reader.onSubscribe(this));
    BodyException broken = failure;
    if (broken != null) {
      signal(() -> reader.onError(broken));
    } else {
      flow();
    }
  }

  @Override
  public void discard() {
    taken.set(true);
    connection.execute(this::discardOnLoop, () -> {});
  }

  private void discardOnLoop() {
    Flow.Subscriber<? super Chunk> reader = subscriber;
    if (!finished) {
      cancelOnLoop();
      if (reader != null) {
        var discarded = new BodyException(BodyException.Reason.DISCARDED, "the body was discarded");
        signal(() -> reader.onError(discarded));
      }
    }
  }

  @Override
  public void request(long n) {
    if (n <= 0) {
      connection.execute(() -> refuseRequest(n), () -> {});
    } else if (connection.loop().inEventLoop()) {
      demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
      flow();
    } else {
      requested.getAndUpdate(before -> before + n < 0 ? Long.MAX_VALUE : before + n);
      bring();
    }
  }

  private void refuseRequest(long n) {
    Flow.Subscriber<? super Chunk> reader = subscriber;
    if (!finished && reader != null) {
      cancelOnLoop();
      signal(() -> reader.onError(new IllegalArgumentException("request < 1: " + n)));
    }
  }

  @Override
  public void cancel() {
    connection.execute(this::cancelOnLoop, () -> {});
  }

  private void cancelOnLoop() {
    if (!finished) {
      failure = new BodyException(BodyException.Reason.DISCARDED, "the body was discarded");
      dropQueue();
      finish();
      stream.inboundUnwanted();
    }
  }

  /** A chunk of that size has been released. */
  void released(int bytes) {
    if (connection.loop().inEventLoop()) {
      releasedOnLoop(bytes);
      connection.wake();
    } else {
      released.addAndGet(bytes);
      bring();
    }
  }

  private void bring() {
    if (queued.compareAndSet(false, true)) {
      connection.submit(this);
    }
  }

  @Override
  void run() {
    queued.set(false);
    int back = released.getAndSet(0);
    if (back > 0) {
      releasedOnLoop(back);
    }
    long more = requested.getAndSet(0);
    if (more > 0) {
      demand = demand + more < 0 ? Long.MAX_VALUE : demand + more;
      flow();
    }
  }

  @Override
  void abandon() {}

  private void releasedOnLoop(int bytes) {
    connection.read(bytes);
    if (stream.receiving()) {
      stream.progress();
      int more =
          window.read(bytes, System.nanoTime(), connection.roundTripNanos(), stream.timeout / 4, 1);
      if (more > 0) {
        connection.control().streamCredit(this, more);
      }
    }
  }

  /** The subscription of a subscriber that is refused: nothing comes. */
  private enum Nothing implements Flow.Subscription {
    INSTANCE;

    @Override
    public void request(long n) {}

    @Override
    public void cancel() {}
  }
}
