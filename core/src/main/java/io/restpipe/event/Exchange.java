package io.restpipe.event;

import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * One event that came in, and its reply, as a connection hands it to an {@link EventProcessor}.
 * Handler authors do not meet it.
 *
 * <p>Call it; do not implement it: methods may be added.
 */
public interface Exchange {

  Event event();

  /** The event's id; always there on an event that came in. */
  String eventId();

  PeerInfo peer();

  /** Who is behind the event, as far as this node takes the peer's word; else the peer itself. */
  default Principal caller() {
    return Principal.peer(peer().name());
  }

  /** When the sender stops waiting. */
  Instant deadline();

  /** The event loop of the connection; nothing on it may block. */
  Executor loop();

  /**
   * Answers. The first answer counts, later ones are dropped and their bodies discarded. Any
   * thread.
   */
  void reply(Reply reply);

  /** Refuses without having run anything; the sender may try again. Any thread. */
  void refuse(Refusal refusal, String message);

  /** Whether nobody waits for the reply any more. */
  boolean cancelled();

  /**
   * Calls back once when the sender gives up, its deadline passes or the connection ends; at once
   * if that has already happened; never after {@link #reply} or {@link #refuse}. One callback at
   * most. Must not block.
   */
  void onCancel(Consumer<Cause> callback);

  /** Whether the sender may have sent this event before, over another connection. */
  boolean resent();

  /** Why nobody waits for the reply any more. */
  enum Cause {
    /** The caller gave up. */
    CALLER_GONE,
    /** The deadline passed. */
    DEADLINE,
    /**
     * The connection ended; the sender may come back and send the event again, with the same id.
     */
    CONNECTION_LOST
  }

  /** Why an event was not run. */
  enum Refusal {
    /** Too much is running. */
    OVERLOADED,
    /** The body is larger than this node accepts. */
    TOO_LARGE,
    /** Policy forbids it. */
    FORBIDDEN,
    /** The node is draining. */
    DRAINING,
    /** It was to be passed on to a client that nobody knows. */
    UNKNOWN_PEER,
    /** It was to be passed on to a client that is not connected. */
    NOT_CONNECTED,
    /** It was passed on, and whether it was run is not known; sending it again may run it twice. */
    OUTCOME_UNKNOWN
  }
}
