package io.restpipe.examples.benchmarks;

import java.util.OptionalDouble;

/**
 * One combination that is measured.
 *
 * @param payload bytes of body, there and back
 * @param inFlight how many calls are under way at a time
 */
record Cell(Direction direction, int payload, int inFlight) {

  private static final int KIB = 1024;

  /** The part of the bare echo's throughput that the pipe is to reach here at least. */
  OptionalDouble goal() {
    if (payload == KIB && inFlight == 256) {
      return OptionalDouble.of(0.5);
    }
    if (payload == 64 && inFlight == 64) {
      return OptionalDouble.of(0.4);
    }
    if (payload == 64 * KIB && inFlight == 64) {
      return OptionalDouble.of(0.8);
    }
    return OptionalDouble.empty();
  }

  /** The payload for people. */
  String payloadText() {
    if (payload >= KIB * KIB && payload % (KIB * KIB) == 0) {
      return payload / KIB / KIB + " MiB";
    }
    return payload >= KIB && payload % KIB == 0 ? payload / KIB + " KiB" : payload + " B";
  }
}
