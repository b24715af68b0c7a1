package io.restpipe.metrics;

import java.util.concurrent.atomic.LongAdder;

/** A counter that many threads add to without waiting for each other. */
final class CounterMeter implements Metrics.Counter {

  private final LongAdder total = new LongAdder();

  @Override
  public void add(long count) {
    total.add(count);
  }

  long total() {
    return total.sum();
  }
}
