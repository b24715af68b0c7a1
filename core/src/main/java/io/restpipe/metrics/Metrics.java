package io.restpipe.metrics;

import java.util.function.LongSupplier;

/**
 * Where a node's meters live. Meters are looked up once and kept: {@code
 * metrics.counter("message.send.tick")} at start, {@code counter.increment()} on the hot path. Any
 * thread.
 */
public interface Metrics {

  /** The counter of that name, made on first use. */
  Counter counter(String name);

  /** The timer of that name, made on first use. */
  Timer timer(String name);

  /** Reads a value whenever the meters are reported; replaces a gauge of the same name. */
  void gauge(String name, LongSupplier value);

  /** Meters that go nowhere. */
  static Metrics none() {
    return NoMetrics.INSTANCE;
  }

  /** Counts up. */
  @FunctionalInterface
  interface Counter {
    void add(long count);

    default void increment() {
      add(1);
    }
  }

  /** Records durations. */
  @FunctionalInterface
  interface Timer {
    void recordNanos(long nanos);
  }
}
