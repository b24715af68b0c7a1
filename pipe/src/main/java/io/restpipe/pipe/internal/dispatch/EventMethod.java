package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.Verb;
import io.restpipe.metrics.Metrics;

/** One thing that a node answers: what runs, where it may run, and its meters. */
final class EventMethod {

  private final Verb verb;
  private final String noun;
  private final String signature;
  private final boolean nonBlocking;
  private final EventTarget target;
  private final EventStats stats = new EventStats();
  private final Metrics.Counter tick;
  private final Metrics.Timer timing;

  EventMethod(
      Verb verb,
      String noun,
      String signature,
      boolean nonBlocking,
      EventTarget target,
      Metrics metrics) {
    this.verb = verb;
    this.noun = noun;
    this.signature = signature;
    this.nonBlocking = nonBlocking;
    this.target = target;
    String meter = "message.received.handle." + meterName(verb, noun);
    this.tick = metrics.counter(meter + ".tick");
    this.timing = metrics.timer(meter + ".timing");
  }

  /** As the original named a handler method: {@code get_time_utc}. */
  private static String meterName(Verb verb, String noun) {
    return verb.lowerCase() + "_" + noun.replaceAll("[^A-Za-z0-9_]", "_");
  }

  Verb verb() {
    return verb;
  }

  /** The noun of an exact registration, else the key that nouns lead to. */
  String noun() {
    return noun;
  }

  /** As its callers see it. */
  String signature() {
    return signature;
  }

  boolean nonBlocking() {
    return nonBlocking;
  }

  EventTarget target() {
    return target;
  }

  EventStats stats() {
    return stats;
  }

  void started() {
    tick.increment();
  }

  void ran(long nanos) {
    timing.recordNanos(nanos);
    stats.ran(nanos);
  }

  /** Verb and noun, for logs. */
  @Override
  public String toString() {
    return verb + " " + noun;
  }
}
