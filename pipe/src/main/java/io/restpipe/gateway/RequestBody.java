package io.restpipe.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.restpipe.event.Body;
import io.restpipe.event.BodyException;
import io.restpipe.event.Chunk;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request while it comes in. The connection reads from its socket only as much as the
 * subscriber asks for. State belongs to the connection's loop; the methods of {@link Body} and the
 * subscription are for any thread.
 */
final class RequestBody implements Body {

  private final EventLoop loop;
  private final long length;

  /** Tells the connection that demand, or the lack of it, has changed. */
  private final Runnable changed;

  private final AtomicBoolean taken = new AtomicBoolean();

  private Flow.@Nullable Subscriber<? super Chunk> subscriber;
  private long demand;

  /** The last signal is sent, or nobody wants another. */
  private boolean done;

  /** The last byte was there before anybody subscribed. */
  private boolean complete;

  private @Nullable Throwable broken;

  RequestBody(EventLoop loop, long length, Runnable changed) {
    this.loop = loop;
    this.length = length;
    this.changed = changed;
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
      subscriber.onSubscribe(new Demand(false));
      subscriber.onError(new IllegalStateException("body is read already"));
      return;
    }
    subscriber.onSubscribe(new Demand(true));
    onLoop(() -> attach(subscriber));
  }

  @Override
  public void discard() {
    if (taken.compareAndSet(false, true)) {
      onLoop(this::giveUp);
    }
  }

  private void onLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      try {
        loop.execute(task);
      } catch (RejectedExecutionException closed) {
        // The loop has ended, and the connection with it.
      }
    }
  }

  private void attach(Flow.Subscriber<? super Chunk> subscriber) {
    if (done) {
      return;
    }
    this.subscriber = subscriber;
    if (broken != null) {
      done = true;
      subscriber.onError(broken);
    } else if (complete) {
      done = true;
      subscriber.onComplete();
    } else {
      changed.run();
    }
  }

  private void giveUp() {
    done = true;
    changed.run();
  }

  /** Whether the next bytes have a taker. */
  boolean wanted() {
    return !done && demand > 0 && subscriber != null;
  }

  /** Whether nobody will ever want the rest. */
  boolean givenUp() {
    return done;
  }

  /** Hands bytes on; only after {@link #wanted} said so. Takes over the buffer. */
  void next(ByteBuf bytes) {
    Flow.Subscriber<? super Chunk> to = subscriber;
    if (to == null || done) {
      bytes.release();
      return;
    }
    if (demand != Long.MAX_VALUE) {
      demand--;
    }
    to.onNext(new BufferChunk(bytes));
  }

  /** The last byte has been handed on. */
  void complete() {
    complete = true;
    if (!done && subscriber != null) {
      done = true;
      subscriber.onComplete();
    }
  }

  /** No more bytes come, though more were announced. */
  void breakOff(String why) {
    if (broken != null || complete) {
      return;
    }
    broken = new BodyException(BodyException.Reason.BROKEN_OFF, why);
    if (!done && subscriber != null) {
      done = true;
      subscriber.onError(broken);
    }
  }

  @Override
  public String toString() {
    return "Body of a request, " + (length < 0 ? "of unknown length" : length + " bytes");
  }

  private final class Demand implements Flow.Subscription {

    private final boolean live;

    Demand(boolean live) {
      this.live = live;
    }

    @Override
    public void request(long n) {
      if (live) {
        onLoop(() -> add(n));
      }
    }

    private void add(long n) {
      if (done) {
        return;
      }
      if (n <= 0) {
        breakOff("request < 1: " + n);
        return;
      }
      demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
      changed.run();
    }

    @Override
    public void cancel() {
      if (live) {
        onLoop(RequestBody.this::giveUp);
      }
    }
  }

  /** A chunk in one of Netty's buffers. */
  private static final class BufferChunk extends AtomicBoolean implements Chunk {

    private static final long serialVersionUID = 1L;

    private final transient ByteBuf bytes;
    private final transient ByteBuffer view;

    BufferChunk(ByteBuf bytes) {
      this.bytes = bytes;
      this.view = bytes.nioBuffer();
    }

    @Override
    public ByteBuffer buffer() {
      return view;
    }

    @Override
    public void release() {
      if (compareAndSet(false, true)) {
        bytes.release();
      }
    }
  }
}
