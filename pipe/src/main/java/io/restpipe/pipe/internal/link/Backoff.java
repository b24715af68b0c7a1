package io.restpipe.pipe.internal.link;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongUnaryOperator;

/**
 * How long to wait before dialing again: full jitter under a ceiling that grows with the time the
 * outage has lasted. A ceiling in proportion to the elapsed time is exponential back-off whose pace
 * does not depend on luck: after five seconds of outage the next attempt is at most one and a half
 * seconds away. Not thread-safe.
 */
final class Backoff {

  private static final double SHARE_OF_OUTAGE = 0.3;

  /** A connection that ends sooner than this was no success: the outage goes on. */
  static final Duration LIVED = Duration.ofSeconds(10);

  /** A server may ask for more patience than this, but does not get it. */
  static final Duration LONGEST_HINT = Duration.ofMinutes(10);

  private final LongUnaryOperator random;

  private long outageSince = Long.MIN_VALUE;

  Backoff() {
    this(bound -> ThreadLocalRandom.current().nextLong(bound));
  }

  /** {@code random}: from a bound to a number from 0 to below it. */
  Backoff(LongUnaryOperator random) {
    this.random = random;
  }

  /** A connection has ended after it lived for some time. */
  void ended(long lifeNanos) {
    if (lifeNanos >= LIVED.toNanos()) {
      outageSince = Long.MIN_VALUE;
    }
  }

  /** Nanoseconds to wait before the next attempt, after one has failed or a connection ended. */
  long next(Lane lane, long now) {
    if (outageSince == Long.MIN_VALUE) {
      outageSince = now;
    }
    long ceiling =
        Math.min(
            lane.cap().toNanos(),
            Math.max(lane.first().toNanos(), (long) ((now - outageSince) * SHARE_OF_OUTAGE)));
    return random.applyAsLong(ceiling) + 1;
  }

  /**
   * Nanoseconds to wait where the server has said from when to when to come back; never more than
   * {@link #LONGEST_HINT}, so that a wrong number is no outage of days.
   */
  long hinted(int minMillis, int maxMillis) {
    long longest = LONGEST_HINT.toMillis();
    long min = Math.min(Math.max(0, minMillis), longest);
    long spread = Math.max(0, Math.min(maxMillis, longest) - min);
    return Duration.ofMillis(min).toNanos()
        + random.applyAsLong(Duration.ofMillis(spread).toNanos() + 1);
  }
}
