package io.restpipe.pipe.internal.connection;

import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How much may wait for the network: as much as it takes in some milliseconds, within bounds. More
 * would keep heads waiting behind bodies where the network is slow; less costs a system call and a
 * wake-up for every few records where it is fast. On the loop.
 */
final class Headroom {

  /** The bounds are so far apart. */
  static final int MOST = 4;

  /** Long enough that what an idle kernel swallows at once does not look like a fast network. */
  private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long DELAY = TimeUnit.MILLISECONDS.toNanos(4);

  private final Channel channel;
  private final int least;
  private final LongSupplier nanoTime;

  private int times = 1;
  private long since;
  private long written;

  Headroom(Channel channel, int least, LongSupplier nanoTime) {
    this.channel = channel;
    this.least = least;
    this.nanoTime = nanoTime;
    this.since = nanoTime.getAsLong();
    apply();
  }

  void wrote(int bytes) {
    written += bytes;
    long now = nanoTime.getAsLong();
    long elapsed = now - since;
    if (elapsed < PERIOD) {
      return;
    }
    long taken = written * DELAY / elapsed;
    int fitting = taken >= MOST * (long) least ? MOST : taken >= 2L * least ? 2 : 1;
    since = now;
    written = 0;
    if (fitting != times) {
      times = fitting;
      apply();
    }
  }

  private void apply() {
    int bytes = least * times;
    channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(bytes / 2, bytes - 1));
    if (channel instanceof EpollSocketChannel) {
      // Else megabytes wait in the kernel, where no head can overtake them.
      channel.config().setOption(EpollChannelOption.TCP_NOTSENT_LOWAT, 2L * bytes);
    }
  }
}
