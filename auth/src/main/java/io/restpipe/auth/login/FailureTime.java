package io.restpipe.auth.login;

import java.time.Duration;

/**
 * When a failure is answered, so that how long it took says nothing: at a multiple of some time
 * after it was asked for, and not before the slowest of the last ten to twenty minutes would have
 * been. A store may have hashes of many costs, and who is not there should not be told by the
 * cheapest. Thread-safe.
 */
final class FailureTime {

  private static final long HALF = Duration.ofMinutes(10).toNanos();
  private static final long MOST = Duration.ofSeconds(2).toNanos();

  private final long unit;
  private long younger;
  private long older;
  private long since;

  FailureTime(Duration unit, long now) {
    this.unit = unit.toNanos();
    this.since = now;
  }

  /**
   * How long to wait yet.
   *
   * @param asked when it was asked for
   * @param begun when the work began
   * @param now when it was done
   */
  synchronized long wait(long asked, long begun, long now) {
    if (unit == 0) {
      return 0;
    }
    if (now - since >= HALF) {
      older = now - since >= 2 * HALF ? 0 : younger;
      younger = 0;
      since = now;
    }
    younger = Math.max(younger, Math.min(MOST, now - begun));
    long least = begun - asked + Math.max(now - begun, Math.max(younger, older));
    return (least / unit + 1) * unit - (now - asked);
  }
}
