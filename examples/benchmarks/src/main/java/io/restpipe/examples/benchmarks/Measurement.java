package io.restpipe.examples.benchmarks;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * What a stack did.
 *
 * @param callsPerSecond answers per second
 * @param megabytesPerSecond payload per second in 10^6 bytes, each call's counted once
 * @param p50Micros half of the calls took no longer
 * @param cpuPerThousandCalls seconds of processor time, both processes together
 */
record Measurement(
    double callsPerSecond,
    double megabytesPerSecond,
    double p50Micros,
    double p99Micros,
    double p999Micros,
    double cpuPerThousandCalls) {

  static Measurement of(Load.Outcome outcome, int payload, long cpuNanos) {
    Histogram latencies = outcome.latencies();
    long calls = Math.max(1, latencies.getTotalCount());
    double perSecond = latencies.getTotalCount() / outcome.seconds();
    return new Measurement(
        perSecond,
        perSecond * payload / 1e6,
        latencies.getValueAtPercentile(50) / 1e3,
        latencies.getValueAtPercentile(99) / 1e3,
        latencies.getValueAtPercentile(99.9) / 1e3,
        cpuNanos / 1e9 / calls * 1000);
  }

  /** The median of each figure over some rounds. */
  static Measurement median(List<Measurement> rounds) {
    return new Measurement(
        median(rounds, Measurement::callsPerSecond),
        median(rounds, Measurement::megabytesPerSecond),
        median(rounds, Measurement::p50Micros),
        median(rounds, Measurement::p99Micros),
        median(rounds, Measurement::p999Micros),
        median(rounds, Measurement::cpuPerThousandCalls));
  }

  private static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> figure) {
    List<Double> sorted =
        rounds.stream().map(figure::applyAsDouble).sorted(Comparator.naturalOrder()).toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
