package io.restpipe.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The meters of one node, kept in memory: recording costs some nanoseconds and never waits. {@link
 * #prometheusText} shows them, {@link StatsdReporter} sends them to a statsd. Any thread.
 *
 * <p>Holds at most {@link #MAX_NAMES} names; meters beyond that go nowhere, with one warning. Of
 * two meters that have the same name in the Prometheus format the first one is shown there; statsd
 * gets both.
 */
public final class NodeMetrics implements Metrics {

  /** The most meters that are kept: 2,000. */
  public static final int MAX_NAMES = 2_000;

  /** The media type of {@link #prometheusText}. */
  public static final String PROMETHEUS_MIME_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final Logger LOG = LoggerFactory.getLogger(NodeMetrics.class);

  private final Map<String, Named<CounterMeter>> counters = new ConcurrentHashMap<>();
  private final Map<String, Named<TimerMeter>> timers = new ConcurrentHashMap<>();
  private final Map<String, Named<LongSupplier>> gauges = new ConcurrentHashMap<>();
  private final PrometheusNames names = new PrometheusNames();

  /** Whether new timers keep samples for a reporter. */
  private volatile boolean sampled;

  // Guarded by this.
  private boolean warnedOfLimit;

  /** A meter, and its name in the Prometheus format; null: not shown there. */
  private record Named<M>(M meter, @Nullable PrometheusName shown) {}

  @Override
  public Counter counter(String name) {
    CounterMeter meter = meter(counters, PrometheusName.Kind.COUNTER, name, CounterMeter::new);
    return meter == null ? Metrics.none().counter(name) : meter;
  }

  @Override
  public Timer timer(String name) {
    TimerMeter meter =
        meter(
            timers,
            PrometheusName.Kind.TIMER,
            name,
            () -> new TimerMeter(sampled, System.nanoTime()));
    return meter == null ? Metrics.none().timer(name) : meter;
  }

  /** {@inheritDoc} It is read by the reporting thread or a scrape: it must not block. */
  @Override
  public synchronized void gauge(String name, LongSupplier value) {
    if (meter(gauges, PrometheusName.Kind.GAUGE, name, () -> value) != null) {
      gauges.computeIfPresent(name, (same, old) -> new Named<>(value, old.shown));
    }
  }

  private <M> @Nullable M meter(
      Map<String, Named<M>> meters, PrometheusName.Kind kind, String name, Supplier<M> maker) {
    Named<M> known = meters.get(name);
    return known == null ? made(meters, kind, name, maker) : known.meter;
  }

  private synchronized <M> @Nullable M made(
      Map<String, Named<M>> meters, PrometheusName.Kind kind, String name, Supplier<M> maker) {
    Named<M> known = meters.get(name);
    if (known != null) {
      return known.meter;
    }
    if (counters.size() + timers.size() + gauges.size() >= MAX_NAMES) {
      warnOfLimit(name);
      return null;
    }
    var named = new Named<>(maker.get(), names.claim(kind, name));
    meters.put(name, named);
    return named.meter;
  }

  private void warnOfLimit(String name) {
    if (!warnedOfLimit) {
      warnedOfLimit = true;
      LOG.warn(
          "meter {} and any further ones are not kept: there are {} already, the most a node keeps;"
              + " use fewer names",
          name,
          MAX_NAMES);
    }
  }

  /**
   * All meters in the Prometheus text format, version 0.0.4: {@code message.send.tick} is {@code
   * restpipe_message_send_total}, {@code message.send.timing} is the histogram {@code
   * restpipe_message_send_seconds}, and a handler's name is the label {@code handler}.
   */
  public String prometheusText() {
    var text = new PrometheusText();
    long now = System.nanoTime();
    shown(counters, (name, counter) -> text.counter(name, counter.total()));
    shown(timers, (name, timer) -> text.timer(name, timer, now));
    shown(gauges, text::gauge);
    return text.toString();
  }

  private static <M> void shown(
      Map<String, Named<M>> meters, BiConsumer<PrometheusName, M> consumer) {
    for (Named<M> named : meters.values()) {
      if (named.shown != null) {
        consumer.accept(named.shown, named.meter);
      }
    }
  }

  /** From now on new timers keep samples from their first record on. */
  void keepSamples() {
    sampled = true;
  }

  void forEachCounter(BiConsumer<String, CounterMeter> consumer) {
    counters.forEach((name, named) -> consumer.accept(name, named.meter));
  }

  void forEachTimer(BiConsumer<String, TimerMeter> consumer) {
    timers.forEach((name, named) -> consumer.accept(name, named.meter));
  }

  void forEachGauge(BiConsumer<String, LongSupplier> consumer) {
    gauges.forEach((name, named) -> consumer.accept(name, named.meter));
  }
}
