package io.restpipe.metrics;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A fair sample of a stream of durations whose length is not known beforehand (Vitter's algorithm
 * R): each duration has the same chance to be in it. Any thread.
 */
final class Reservoir {

  static final int SIZE = 20;

  private static final long EMPTY = -1;

  private final AtomicLong offered = new AtomicLong();
  private final AtomicLongArray kept = new AtomicLongArray(SIZE);

  Reservoir() {
    for (int i = 0; i < SIZE; i++) {
      kept.setPlain(i, EMPTY);
    }
  }

  void offer(long nanos) {
    long index = offered.getAndIncrement();
    if (index >= SIZE) {
      index = ThreadLocalRandom.current().nextLong(index + 1);
    }
    if (index < SIZE) {
      kept.set((int) index, nanos);
    }
  }

  /** The durations in the sample, at most {@link #SIZE}. */
  long[] samples() {
    var samples = new long[SIZE];
    int count = 0;
    for (int i = 0; i < SIZE; i++) {
      long nanos = kept.get(i);
      if (nanos != EMPTY) {
        samples[count++] = nanos;
      }
    }
    return Arrays.copyOf(samples, count);
  }
}
