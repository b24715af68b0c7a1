package io.restpipe.metrics;

import com.timgroup.statsd.StatsDClient;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what has been metered since the flush before: each counter's growth in one packet, at most
 * {@link Reservoir#SIZE} samples of a timer with the rate that keeps its count right, each gauge's
 * value. One thread.
 */
final class StatsdFlush {

  private static final Logger LOG = LoggerFactory.getLogger(StatsdFlush.class);

  private final NodeMetrics metrics;
  private final Map<String, Long> counted = new HashMap<>();
  private final Map<String, Recorded> recorded = new HashMap<>();

  private record Recorded(long count, long sumNanos) {}

  StatsdFlush(NodeMetrics metrics) {
    this.metrics = metrics;
  }

  void flush(StatsDClient statsd) {
    metrics.forEachCounter((name, counter) -> count(statsd, name, counter.total()));
    metrics.forEachTimer((name, timer) -> time(statsd, name, timer));
    metrics.forEachGauge((name, gauge) -> gauge(statsd, name, gauge));
  }

  private void count(StatsDClient statsd, String name, long total) {
    long growth = total - counted.getOrDefault(name, 0L);
    if (growth != 0) {
      counted.put(name, total);
      statsd.count(onTheWire(name), growth);
    }
  }

  private void time(StatsDClient statsd, String name, TimerMeter timer) {
    Recorded before = recorded.getOrDefault(name, new Recorded(0, 0));
    // Samples first: what is recorded meanwhile then counts with the next ones.
    long[] samples = timer.takeSamples();
    var now = new Recorded(timer.count(), timer.sumNanos());
    long count = now.count - before.count;
    if (count == 0) {
      return;
    }
    recorded.put(name, now);
    if (samples.length == 0) {
      // A record that raced with the last flush: its sample is gone, the mean is as good.
      samples = new long[] {(now.sumNanos - before.sumNanos) / count};
    }
    double rate = Math.min(1, (double) samples.length / count);
    for (long nanos : samples) {
      statsd.recordExecutionTime(onTheWire(name), roundedMillis(nanos), rate);
    }
  }

  private static long roundedMillis(long nanos) {
    return (nanos + TimeUnit.MILLISECONDS.toNanos(1) / 2) / TimeUnit.MILLISECONDS.toNanos(1);
  }

  private static void gauge(StatsDClient statsd, String name, LongSupplier gauge) {
    long value;
    try {
      value = gauge.getAsLong();
    } catch (RuntimeException unreadable) {
      LOG.debug("gauge {} cannot be read", name, unreadable);
      return;
    }
    statsd.recordGaugeValue(onTheWire(name), value);
  }

  /** The name as it is, but for characters that would end it. */
  private static String onTheWire(String name) {
    StringBuilder changed = null;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c == ':' || c == '|' || c == '@' || c == '#') {
        if (changed == null) {
          changed = new StringBuilder(name);
        }
        changed.setCharAt(i, '_');
      }
    }
    return changed == null ? name : changed.toString();
  }
}
