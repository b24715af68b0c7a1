package io.restpipe.gateway;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many requests each caller may make: a bucket of tokens that fills evenly. Remembers {@link
 * #MAX_CALLERS} at most; the one that called longest ago is forgotten first. Any thread.
 */
final class RateLimit {

  static final int MAX_CALLERS = 10_000;

  private static final double NANOS = 1_000_000_000.0;

  private final double perSecond;
  private final int burst;
  private final LongSupplier nanoTime;
  private final Map<String, Bucket> buckets = new Recent();

  private static final class Bucket {
    double tokens;
    long at;
  }

  /** Forgets the one that called longest ago. */
  private static final class Recent extends LinkedHashMap<String, Bucket> {

    private static final long serialVersionUID = 1L;

    Recent() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
      return size() > MAX_CALLERS;
    }
  }

  RateLimit(double perSecond, int burst, LongSupplier nanoTime) {
    if (!(perSecond > 0) || burst < 1) {
      throw new IllegalArgumentException(
          "a rate limit must be above 0 a second and 1 at once or more: "
              + perSecond
              + " a second, "
              + burst
              + " at once");
    }
    this.perSecond = perSecond;
    this.burst = burst;
    this.nanoTime = nanoTime;
  }

  /** Counts a request; null if it may go on, else when the next one may. */
  synchronized @Nullable Duration take(String caller) {
    long now = nanoTime.getAsLong();
    Bucket bucket = buckets.get(caller);
    if (bucket == null) {
      bucket = new Bucket();
      bucket.tokens = burst;
      buckets.put(caller, bucket);
    } else {
      bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / NANOS * perSecond);
    }
    bucket.at = now;
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return null;
    }
    return Duration.ofNanos((long) ((1 - bucket.tokens) / perSecond * NANOS));
  }

  @Override
  public String toString() {
    return perSecond + " a second, " + burst + " at once";
  }
}
