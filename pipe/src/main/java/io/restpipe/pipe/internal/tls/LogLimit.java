package io.restpipe.pipe.internal.tls;

import java.util.concurrent.TimeUnit;

/**
 * Lets so many lines into the log in a while, and counts the rest: whoever knocks at a port must
 * not be able to fill a disk. Any thread.
 */
public final class LogLimit {

  private static final int LINES = 50;
  private static final long WINDOW = TimeUnit.SECONDS.toNanos(10);

  private long windowStart = System.nanoTime();
  private int lines;
  private int held;

  /**
   * Whether to write now.
   *
   * @return -1: do not; else how many lines were held back since the last one
   */
  public synchronized int next() {
    long now = System.nanoTime();
    if (now - windowStart >= WINDOW) {
      windowStart = now;
      lines = 0;
    }
    if (lines >= LINES) {
      held++;
      return -1;
    }
    lines++;
    int before = held;
    held = 0;
    return before;
  }

  /** What to add to a line before which some were held back. */
  public static String shown(int held) {
    return held == 0 ? "" : " (" + held + " refusals before it are not shown)";
  }
}
