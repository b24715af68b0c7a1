package io.restpipe.auth.identity;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A time that stands until it is moved. */
final class SteppedClock implements InstantSource {

  private volatile Instant now;

  SteppedClock(Instant now) {
    this.now = now;
  }

  @Override
  public Instant instant() {
    return now;
  }

  long nanoTime() {
    return Duration.between(Instant.EPOCH, now).toNanos();
  }

  void advance(Duration step) {
    now = now.plus(step);
  }
}
