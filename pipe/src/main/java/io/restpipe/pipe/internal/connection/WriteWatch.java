package io.restpipe.pipe.internal.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds a write that makes no progress: bytes wait in the channel, and the network takes none of
 * them. Looks only while something waits. On the loop.
 */
public final class WriteWatch implements Runnable {

  private static final int LOOKS = 8;

  private final Channel channel;
  private final long timeout;
  private final Runnable stalled;

  private @Nullable ScheduledFuture<?> next;
  private @Nullable Object lastFirst;
  private long lastProgress;
  private long progressAt;

  public WriteWatch(Channel channel, Duration timeout, Runnable stalled) {
    this.channel = channel;
    this.timeout = timeout.toNanos();
    this.stalled = stalled;
  }

  /** Something has been written. */
  public void wrote() {
    if (next == null && look()) {
      progressAt = System.nanoTime();
      schedule();
    }
  }

  public void stop() {
    if (next != null) {
      next.cancel(false);
      next = null;
    }
  }

  @Override
  public void run() {
    next = null;
    Object first = lastFirst;
    long progress = lastProgress;
    if (!look()) {
      return;
    }
    long now = System.nanoTime();
    if (first != lastFirst || progress != lastProgress) {
      progressAt = now;
    } else if (now - progressAt >= timeout) {
      stalled.run();
      return;
    }
    schedule();
  }

  /** Notes how far the channel has come, and says whether anything waits. */
  private boolean look() {
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    lastFirst = waiting == null ? null : waiting.current();
    lastProgress = waiting == null ? 0 : waiting.currentProgress();
    return lastFirst != null;
  }

  private void schedule() {
    next = channel.eventLoop().schedule(this, timeout / LOOKS, TimeUnit.NANOSECONDS);
  }
}
