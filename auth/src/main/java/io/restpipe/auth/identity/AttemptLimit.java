package io.restpipe.auth.identity;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many attempts each key may make in a while: a bucket that fills again steadily. Of the keys
 * those are remembered that came last.
 */
final class AttemptLimit {

  private static final int MOST_KEYS = 10_000;

  private final int burst;
  private final double perNano;
  private final LongSupplier nanoTime;
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > MOST_KEYS;
        }
      };

  private static final class Bucket {
    private double left;
    private long at;
  }

  /**
   * @param burst how many at once, and in each while
   * @param period the while
   */
  AttemptLimit(int burst, Duration period, LongSupplier nanoTime) {
    this.burst = burst;
    this.perNano = (double) burst / period.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Takes one, if there is one. */
  synchronized boolean take(String key) {
    Bucket bucket = bucket(key);
    if (bucket.left < 1) {
      return false;
    }
    bucket.left--;
    return true;
  }

  /** Gives one back: the attempt was none to be counted. */
  synchronized void giveBack(String key) {
    Bucket bucket = bucket(key);
    bucket.left = Math.min(burst, bucket.left + 1);
  }

  private Bucket bucket(String key) {
    long now = nanoTime.getAsLong();
    Bucket bucket = buckets.get(key);
    if (bucket == null) {
      bucket = new Bucket();
      bucket.left = burst;
      bucket.at = now;
      buckets.put(key, bucket);
    }
    bucket.left = Math.min(burst, bucket.left + (now - bucket.at) * perNano);
    bucket.at = now;
    return bucket;
  }
}
