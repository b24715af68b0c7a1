package io.restpipe.metrics;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes meters in the Prometheus text format, version 0.0.4: families in the order of their names,
 * each with its HELP and TYPE.
 */
final class PrometheusText {

  private static final Logger LOG = LoggerFactory.getLogger(PrometheusText.class);

  private static final String MAX = "_max";

  private final Map<String, Family> families = new TreeMap<>();

  private record Family(String type, String meter, Map<String, StringBuilder> samples) {}

  void counter(PrometheusName name, long total) {
    StringBuilder out = samples("counter", name.family(), name);
    sample(out, name.family(), labels(name, ""), Long.toString(total));
  }

  /** A gauge that fails is left out. */
  void gauge(PrometheusName name, LongSupplier gauge) {
    String value;
    try {
      value = Long.toString(gauge.getAsLong());
    } catch (RuntimeException unreadable) {
      LOG.debug("gauge {} cannot be read", name.meter(), unreadable);
      return;
    }
    sample(samples("gauge", name.family(), name), name.family(), labels(name, ""), value);
  }

  void timer(PrometheusName name, TimerMeter timer, long now) {
    StringBuilder out = samples("histogram", name.family(), name);
    long[] counts = timer.counts();
    long cumulated = 0;
    for (int i = 0; i < counts.length; i++) {
      cumulated += counts[i];
      String bound = i < TimerMeter.buckets() ? seconds(TimerMeter.boundNanos(i)) : "+Inf";
      String labels = labels(name, "le=\"" + bound + "\"");
      sample(out, name.family() + "_bucket", labels, Long.toString(cumulated));
    }
    sample(out, name.family() + "_sum", labels(name, ""), seconds(timer.sumNanos()));
    sample(out, name.family() + "_count", labels(name, ""), Long.toString(cumulated));

    String max = name.family() + MAX;
    sample(samples("gauge", max, name), max, labels(name, ""), seconds(timer.longestNanos(now)));
  }

  private StringBuilder samples(String type, String family, PrometheusName name) {
    return families
        .computeIfAbsent(family, unused -> new Family(type, name.meter(), new TreeMap<>()))
        .samples()
        .computeIfAbsent(name.handler(), unused -> new StringBuilder());
  }

  private static void sample(StringBuilder out, String name, String labels, String value) {
    out.append(name).append(labels).append(' ').append(value).append('\n');
  }

  private static String labels(PrometheusName name, String bound) {
    if (name.handler().isEmpty()) {
      return bound.isEmpty() ? "" : "{" + bound + "}";
    }
    String handler = "handler=\"" + escape(name.handler()).replace("\"", "\\\"") + "\"";
    return "{" + handler + (bound.isEmpty() ? "" : "," + bound) + "}";
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n");
  }

  private static String seconds(long nanos) {
    return nanos == 0 ? "0" : BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString();
  }

  @Override
  public String toString() {
    var text = new StringBuilder(4096);
    families.forEach(
        (name, family) -> {
          text.append("# HELP ").append(name).append(' ').append(help(name, family)).append('\n');
          text.append("# TYPE ").append(name).append(' ').append(family.type).append('\n');
          family.samples.values().forEach(text::append);
        });
    return text.toString();
  }

  private static String help(String name, Family family) {
    String meter = "RestPipe meter " + escape(family.meter);
    boolean max = family.type.equals("gauge") && name.endsWith("_seconds" + MAX);
    return max ? meter + ": the longest of the last minutes" : meter;
  }
}
