package io.restpipe.pipe.internal.connection;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of a connection's streams, within about 17 ms. Adding and removing cost a few
 * writes; the loop is woken only for slots that hold something. A deadline that has moved on is
 * looked at when its old time comes, so progress costs one write. On the loop.
 */
final class DeadlineWheel implements Runnable {

  private static final int TICK_SHIFT = 24;
  private static final int SLOTS = 512;
  private static final long NEVER = Long.MAX_VALUE;

  private final EventLoop loop;
  private final LongSupplier clock;
  private final long origin;

  /** Doubly linked through the streams. Those beyond the last slot wait in it, and go round. */
  private final @Nullable Stream[] slots = new @Nullable Stream[SLOTS];

  /** All slots up to this tick have been looked at. */
  private long done;

  private boolean looking;
  private long wakeTick = NEVER;
  private @Nullable ScheduledFuture<?> wake;

  /**
   * @param clock {@link System#nanoTime}, or what a test takes for it
   */
  DeadlineWheel(EventLoop loop, LongSupplier clock) {
    this.loop = loop;
    this.clock = clock;
    this.origin = clock.getAsLong();
  }

  void add(Stream stream) {
    long now = tick(clock.getAsLong());
    if (wakeTick == NEVER && !looking) {
      done = now;
    }
    long due = Math.max(tick(stream.deadline) + 1, done + 1);
    due = Math.min(due, done + SLOTS - 1);
    link(stream, (int) (due & (SLOTS - 1)));
    if (due < wakeTick) {
      wakeAt(due, now);
    }
  }

  void remove(Stream stream) {
    if (stream.timerSlot >= 0) {
      unlink(stream);
    }
  }

  @Override
  public void run() {
    wake = null;
    wakeTick = NEVER;
    long nanos = clock.getAsLong();
    long now = tick(nanos);
    // Where the loop was held up for longer than a round, each slot is looked at once.
    long last = Math.min(now, done + SLOTS - 1);
    looking = true;
    while (done < last) {
      done++;
      look((int) (done & (SLOTS - 1)), nanos);
    }
    looking = false;
    done = now;
    wakeForNext(now);
  }

  private void look(int slot, long nanos) {
    Stream stream;
    Stream later = null;
    while ((stream = slots[slot]) != null) {
      unlink(stream);
      if (stream.deadline - nanos <= 0) {
        stream.expired();
      } else {
        stream.timerNext = later;
        later = stream;
      }
    }
    while (later != null) {
      Stream following = later.timerNext;
      later.timerNext = null;
      relink(later);
      later = following;
    }
  }

  private void relink(Stream stream) {
    if (stream.timerSlot < 0 && stream.timed()) {
      long due = Math.min(Math.max(tick(stream.deadline), done) + 1, done + SLOTS - 1);
      link(stream, (int) (due & (SLOTS - 1)));
    }
  }

  private void wakeForNext(long now) {
    for (long due = now + 1; due < now + SLOTS; due++) {
      if (slots[(int) (due & (SLOTS - 1))] != null) {
        if (due < wakeTick) {
          wakeAt(due, now);
        }
        return;
      }
    }
  }

  private void wakeAt(long due, long now) {
    if (wake != null) {
      wake.cancel(false);
    }
    wakeTick = due;
    wake = loop.schedule(this, (due - now) << TICK_SHIFT, TimeUnit.NANOSECONDS);
  }

  private long tick(long nanos) {
    return (nanos - origin) >> TICK_SHIFT;
  }

  private void link(Stream stream, int slot) {
    Stream first = slots[slot];
    stream.timerSlot = slot;
    stream.timerNext = first;
    stream.timerPrevious = null;
    if (first != null) {
      first.timerPrevious = stream;
    }
    slots[slot] = stream;
  }

  private void unlink(Stream stream) {
    Stream next = stream.timerNext;
    Stream previous = stream.timerPrevious;
    if (next != null) {
      next.timerPrevious = previous;
    }
    if (previous != null) {
      previous.timerNext = next;
    } else {
      slots[stream.timerSlot] = next;
    }
    stream.timerSlot = -1;
    stream.timerNext = null;
    stream.timerPrevious = null;
  }
}
