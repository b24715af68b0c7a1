package io.restpipe.gateway;

import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.restpipe.event.Chunk;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the body of a reply as it comes. A chunk is released when the socket has taken it, and
 * only then another is asked for, so a caller that reads slowly holds up to {@link #WINDOW} chunks
 * and no more. Signals may come on any thread; the rest is on the loop.
 */
final class ReplyStream implements Flow.Subscriber<Chunk> {

  private static final Logger LOG = LoggerFactory.getLogger(ReplyStream.class);

  /** How many chunks may be on their way from the peer to the socket. */
  static final int WINDOW = 16;

  private final HttpExchange exchange;
  private final EventLoop loop;
  private final long length;

  /** Signals that wait for the loop; while there are any, no other may overtake them. */
  private final AtomicInteger waiting = new AtomicInteger();

  private Flow.@Nullable Subscription subscription;
  private long received;
  private int taken;
  private boolean over;

  /**
   * Writes to an exchange whose response has begun.
   *
   * @param length of the body; -1 if it is not known
   */
  ReplyStream(HttpExchange exchange, long length) {
    this.exchange = exchange;
    this.loop = exchange.connection().loop();
    this.length = length;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    onLoop(() -> subscribed(subscription), subscription::cancel);
  }

  @Override
  public void onNext(Chunk chunk) {
    onLoop(() -> next(chunk), chunk::release);
  }

  @Override
  public void onError(Throwable failure) {
    onLoop(() -> failed(String.valueOf(failure)), () -> {});
  }

  @Override
  public void onComplete() {
    onLoop(this::completed, () -> {});
  }

  private void onLoop(Runnable task, Runnable otherwise) {
    if (loop.inEventLoop() && waiting.get() == 0) {
      task.run();
      return;
    }
    waiting.incrementAndGet();
    try {
      loop.execute(
          () -> {
            waiting.decrementAndGet();
            task.run();
          });
    } catch (RejectedExecutionException closed) {
      otherwise.run();
    }
  }

  private void subscribed(Flow.Subscription subscription) {
    this.subscription = subscription;
    if (over) {
      subscription.cancel();
    } else {
      subscription.request(WINDOW);
    }
  }

  private void next(Chunk chunk) {
    int size = chunk.buffer().remaining();
    received += size;
    if (over) {
      chunk.release();
    } else if (length >= 0 && received > length) {
      chunk.release();
      cancel();
      failed("it is longer than the " + length + " bytes that it announced");
    } else if (size == 0) {
      taken(chunk);
    } else {
      exchange
          .write(Unpooled.wrappedBuffer(chunk.buffer()))
          .addListener(written -> written(chunk, written.isSuccess()));
    }
  }

  private void written(Chunk chunk, boolean success) {
    if (!success) {
      // The connection is ending: without this, a body at hand would be written to nobody.
      callerGone();
    }
    taken(chunk);
  }

  private void taken(Chunk chunk) {
    chunk.release();
    taken++;
    if (taken >= WINDOW / 2 && !over && subscription != null) {
      int more = taken;
      taken = 0;
      subscription.request(more);
    }
  }

  private void completed() {
    if (over) {
      return;
    }
    if (length >= 0 && received < length) {
      failed("it ended after " + received + " of " + length + " bytes");
      return;
    }
    over = true;
    exchange.end();
  }

  private void failed(String why) {
    if (over) {
      return;
    }
    over = true;
    LOG.warn("event {}: the body of the reply broke off: {}", exchange.id(), why);
    exchange.breakOff();
  }

  void callerGone() {
    if (!over) {
      over = true;
      cancel();
    }
  }

  private void cancel() {
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
