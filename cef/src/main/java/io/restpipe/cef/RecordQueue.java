package io.restpipe.cef;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Records between those who log and the one thread that writes: in memory, and beyond that in a
 * spool, where there is one. Order is kept: while anything is spilled, all that comes is.
 */
final class RecordQueue {

  /** Put into the queue to end a wait for a record; never written. */
  private static final CefRecord WAKE_UP = new CefRecord(Instant.EPOCH, new byte[0]);

  private final BlockingQueue<CefRecord> memory;
  private final Duration blockAtMost;
  private final @Nullable Spill spill;
  private final Losses losses;

  // Written on the writer's thread, read when that has ended: whether the last record is in the
  // spool until it is written.
  private volatile boolean wasSpilled;

  // Written under this queue's lock, read anywhere.
  private volatile boolean spilling;
  private volatile boolean closed;

  RecordQueue(int size, Duration blockAtMost, @Nullable Spill spill, Losses losses) {
    this.memory = new ArrayBlockingQueue<>(size);
    this.blockAtMost = blockAtMost;
    this.spill = spill;
    this.losses = losses;
    this.spilling = spill != null && !spill.isEmpty();
  }

  /** Any thread. */
  void add(CefRecord record) {
    if (closed) {
      losses.add("the log was closed");
    } else if (spilling || !memory.offer(record)) {
      addToFull(record);
    }
  }

  private void addToFull(CefRecord record) {
    if (spill != null) {
      spill(spill, record);
    } else if (!blocking(record)) {
      losses.add("the queue was full");
    }
  }

  private boolean blocking(CefRecord record) {
    if (blockAtMost.isZero()) {
      return false;
    }
    try {
      return memory.offer(record, blockAtMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized void spill(Spill spool, CefRecord record) {
    if (!spilling && memory.offer(record)) {
      return;
    }
    // The file would be closed under a caller who is being interrupted.
    boolean interrupted = Thread.interrupted();
    try {
      spool.append(record);
      spilling = true;
    } catch (IOException e) {
      losses.add("the queue was full and the disk takes no more");
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** On the writer's thread: the next record, or null if none comes in that time. */
  @Nullable CefRecord next(Duration time) throws InterruptedException {
    CefRecord record = memory.poll();
    if (record == null && spill != null && spilling) {
      record = spilled(spill);
      wasSpilled = record != null;
    }
    if (record == null) {
      record = memory.poll(time.toNanos(), TimeUnit.NANOSECONDS);
    }
    return record == WAKE_UP ? null : record;
  }

  private synchronized @Nullable CefRecord spilled(Spill spool) {
    try {
      CefRecord record = spool.next();
      if (record == null) {
        spilling = false;
        spool.confirm();
      }
      return record;
    } catch (IOException e) {
      spilling = false;
      losses.add("spilled events can't be read");
      return null;
    }
  }

  /** On the writer's thread: the record that {@link #next} gave was written. */
  void written() throws IOException {
    if (spill != null && wasSpilled) {
      wasSpilled = false;
      spill.confirm();
    }
  }

  boolean isEmpty() {
    return memory.isEmpty() && !spilling;
  }

  /** From now on nothing is taken in, and who waits for something does not any more. */
  void close() {
    closed = true;
    // Where it finds no room, nobody waits.
    boolean unused = memory.offer(WAKE_UP);
  }

  /**
   * After the writer has ended: what is in memory is kept for the next run or lost, and the spool
   * is closed.
   *
   * @param unwritten what {@link #next} gave last, if it was not written
   */
  synchronized void abandon(@Nullable CefRecord unwritten) throws IOException {
    // What was spilled is still in the spool.
    if (unwritten != null && !wasSpilled) {
      keep(unwritten);
    }
    for (CefRecord record = memory.poll(); record != null; record = memory.poll()) {
      keep(record);
    }
    if (spill != null) {
      spill.close();
    }
  }

  private void keep(CefRecord record) {
    if (record == WAKE_UP) {
      return;
    }
    if (spill == null) {
      losses.add("the log was closed before the sink took it");
      return;
    }
    try {
      spill.appendEarlier(record);
    } catch (IOException e) {
      losses.add("the log was closed before the sink took it, and the disk takes no more");
    }
  }
}
