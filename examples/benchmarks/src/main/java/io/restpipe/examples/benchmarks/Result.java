package io.restpipe.examples.benchmarks;

import java.util.Map;
import java.util.OptionalDouble;

/** The medians of one combination, for each stack that was measured. */
record Result(Cell cell, Map<Stack, Measurement> medians) {

  /** A stack's throughput in parts of the bare echo's, where both were measured. */
  OptionalDouble ratio(Stack stack) {
    Measurement measured = medians.get(stack);
    Measurement raw = medians.get(Stack.RAW);
    return stack == Stack.RAW || measured == null || raw == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(measured.callsPerSecond() / raw.callsPerSecond());
  }
}
