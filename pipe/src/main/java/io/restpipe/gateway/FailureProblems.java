package io.restpipe.gateway;

import io.restpipe.pipe.PipeException;
import java.time.Duration;

/** What a caller is told when an event got no reply. */
final class FailureProblems {

  private FailureProblems() {}

  static Problem of(PipeException failure, Duration retryAfter) {
    Duration later = failure.retryAfter().orElse(retryAfter);
    String why = String.valueOf(failure.getMessage());
    return switch (failure.reason()) {
      case UNKNOWN_PEER -> Problem.of(404, "unknown-peer", why);
      case NOT_CONNECTED -> Problem.of(503, "not-connected", why).retryAfter(later);
      case TIMED_OUT -> outcome(failure, Problem.of(504, "timed-out", why));
      case CONNECTION_LOST -> outcome(failure, Problem.of(502, "connection-lost", why));
      case OVERLOADED -> Problem.of(503, "overloaded", why).retryAfter(later);
      case TOO_LARGE -> Problem.of(413, "too-large", why);
      case FORBIDDEN -> Problem.of(403, "forbidden", why);
      case DRAINING -> Problem.of(503, "draining", why).retryAfter(later);
      case CANCELLED -> outcome(failure, Problem.of(503, "cancelled", why)).retryAfter(later);
      case BAD_EVENT -> Problem.of(400, "bad-event", why);
    };
  }

  private static Problem outcome(PipeException failure, Problem problem) {
    return failure.outcomeUnknown() ? problem.with("X-Event-Outcome", "unknown") : problem;
  }
}
