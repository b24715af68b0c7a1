package io.restpipe.examples.benchmarks;

import java.util.Map;
import java.util.OptionalDouble;

/** The medians of one combination, for each stack that was measured. */
record Result(Cell cell, Map<Stack, Measurement> medians) {

  /** The pipe's throughput in parts of the bare echo's, where both were measured. */
  OptionalDouble ratio() {
    Measurement pipe = medians.get(Stack.PIPE);
    Measurement raw = medians.get(Stack.RAW);
    return pipe == null || raw == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(pipe.callsPerSecond() / raw.callsPerSecond());
  }
}
