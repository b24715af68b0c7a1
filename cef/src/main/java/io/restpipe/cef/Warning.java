package io.restpipe.cef;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Lets a warning through once a minute, so that nobody can fill the log with it. Any thread. */
final class Warning {

  private static final long INTERVAL = Duration.ofMinutes(1).toNanos();

  private final AtomicLong next = new AtomicLong(System.nanoTime());

  boolean isDue() {
    long now = System.nanoTime();
    long due = next.get();
    return now - due >= 0 && next.compareAndSet(due, now + INTERVAL);
  }
}
