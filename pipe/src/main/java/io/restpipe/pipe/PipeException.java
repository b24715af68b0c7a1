package io.restpipe.pipe;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An event that got no reply, with a reason that says whether sending it again is safe. */
public class PipeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** A closed set: adding one makes every switch over it fail to compile until it is handled. */
  public enum Reason {
    /** Nobody has that name. The event was not sent. */
    UNKNOWN_PEER,
    /** The peer is known but did not connect in time. The event was not sent. */
    NOT_CONNECTED,
    /** The deadline passed. The peer may or may not have run the event, unless it was not sent. */
    TIMED_OUT,
    /** The connection broke. The peer may or may not have run the event. */
    CONNECTION_LOST,
    /** Too much is under way at this end or the other. The event was not run. */
    OVERLOADED,
    /** The body is larger than a node accepts. The event was not run, or not to its end. */
    TOO_LARGE,
    /** The policy of a node forbids it. The event was not run. */
    FORBIDDEN,
    /** The node is shutting down. The event was not run. */
    DRAINING,
    /** The caller gave up. */
    CANCELLED,
    /** The event itself cannot be sent: its head is too large, or its body broke off. */
    BAD_EVENT
  }

  private final Reason reason;
  private final boolean outcomeUnknown;
  private final @Nullable Duration retryAfter;

  public PipeException(Reason reason, String message) {
    this(reason, false, message, null, null);
  }

  public PipeException(
      Reason reason,
      boolean outcomeUnknown,
      String message,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.outcomeUnknown = outcomeUnknown;
    this.retryAfter = retryAfter;
  }

  public Reason reason() {
    return reason;
  }

  /** Whether the peer may have run the event. False: sending it again is safe. */
  public boolean outcomeUnknown() {
    return outcomeUnknown;
  }

  /** When trying again makes sense, where that is known. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
