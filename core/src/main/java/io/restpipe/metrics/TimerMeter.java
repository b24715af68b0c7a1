package io.restpipe.metrics;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A timer that many threads record to without waiting for each other. */
final class TimerMeter implements Metrics.Timer {

  /** Upper bounds of the buckets in nanoseconds; one more bucket takes what is longer. */
  private static final long[] BOUNDS = {
    micros(100), micros(250), micros(500), millis(1), millis(2.5), millis(5), millis(10),
    millis(25), millis(50), millis(100), millis(250), millis(500), millis(1000), millis(2500),
    millis(5000), millis(10_000), millis(30_000)
  };

  private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
  private final LongAdder sum = new LongAdder();
  private final AtomicLong longest = new AtomicLong();

  /** Null unless somebody collects samples. */
  private volatile @Nullable Reservoir reservoir;

  // Guarded by this: the window before the one that runs.
  private long windowStart;
  private long longestBefore;

  TimerMeter(boolean sampled, long now) {
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = new LongAdder();
    }
    reservoir = sampled ? new Reservoir() : null;
    windowStart = now;
  }

  private static long micros(long micros) {
    return TimeUnit.MICROSECONDS.toNanos(micros);
  }

  private static long millis(double millis) {
    return Math.round(millis * 1_000_000);
  }

  /** A negative duration, as from a clock that was set back, counts as zero. */
  @Override
  public void recordNanos(long nanos) {
    long duration = Math.max(0, nanos);
    buckets[bucketOf(duration)].increment();
    sum.add(duration);
    // A new longest one is rare, and what is not written is shared by all processors.
    if (duration > longest.get()) {
      longest.accumulateAndGet(duration, Math::max);
    }
    Reservoir sample = reservoir;
    if (sample != null) {
      sample.offer(duration);
    }
  }

  private static int bucketOf(long nanos) {
    int bucket = 0;
    while (bucket < BOUNDS.length && nanos > BOUNDS[bucket]) {
      bucket++;
    }
    return bucket;
  }

  static int buckets() {
    return BOUNDS.length;
  }

  static long boundNanos(int bucket) {
    return BOUNDS[bucket];
  }

  /** How many durations each bucket holds; the last one has no bound. */
  long[] counts() {
    var counts = new long[buckets.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = buckets[i].sum();
    }
    return counts;
  }

  long count() {
    long count = 0;
    for (LongAdder bucket : buckets) {
      count += bucket.sum();
    }
    return count;
  }

  long sumNanos() {
    return sum.sum();
  }

  /** The longest duration of the running minute and the one before it. */
  synchronized long longestNanos(long now) {
    if (now - windowStart >= WINDOW_NANOS) {
      longestBefore = longest.getAndSet(0);
      windowStart = now;
    }
    return Math.max(longestBefore, longest.get());
  }

  /** A fair sample of the durations since the last call; from the first call on at the latest. */
  long[] takeSamples() {
    Reservoir taken = reservoir;
    reservoir = new Reservoir();
    return taken == null ? new long[0] : taken.samples();
  }
}
