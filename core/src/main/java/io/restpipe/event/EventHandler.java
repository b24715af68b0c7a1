package io.restpipe.event;

import java.util.ArrayList;
import java.util.List;

/**
 * Answers events. Extend {@link ServerEventHandler} or {@link ClientEventHandler} and add a public
 * method for each verb and noun: {@code getTimeUtc} or {@code get_time_utc} answers {@code GET
 * time/utc}. Only public methods that a subclass declares, and whose name begins with a verb or
 * that carry {@link On}, can be reached.
 *
 * <p>A method takes, in this order and each optional: an {@link EventContext}, a {@link PostData},
 * and one parameter for each URL parameter: {@code String}, a number, {@code boolean}, an enum,
 * {@code UUID}, {@code Path} (one safe file name), or an array of these as the last one for any
 * number. It returns a {@link Response} or {@link Reply}, any value (sent as JSON), null (empty), a
 * stream, or a {@code CompletionStage} of these.
 *
 * <p>One handler serves all connections of its node, on many threads at once. A method may block,
 * unless it is marked {@link NonBlocking}; its thread is interrupted when the caller goes away.
 */
public abstract sealed class EventHandler permits ServerEventHandler, ClientEventHandler {

  private final List<Registration> registrations = new ArrayList<>();

  EventHandler() {}

  /** A connection is up. Runs off the event loop; events of that connection may come before. */
  public void start(PeerInfo peer) {}

  /** A connection is gone. Runs off the event loop, after {@link #start} of the same connection. */
  public void stop(PeerInfo peer) {}

  /**
   * Answers a verb and noun by a function; beside or instead of methods. Call it before the node
   * starts, from the subclass's constructor for example.
   *
   * @throws IllegalArgumentException if the verb and noun are registered already
   */
  public final EventHandler on(Verb verb, String noun, EventFunction function) {
    return register(new Registration(verb, noun, function, false));
  }

  /** As {@link #on}, with a function that never blocks and so runs on the event loop itself. */
  public final EventHandler onNonBlocking(Verb verb, String noun, EventFunction function) {
    return register(new Registration(verb, noun, function, true));
  }

  private EventHandler register(Registration registration) {
    for (Registration other : registrations) {
      if (other.verb == registration.verb && other.noun.equals(registration.noun)) {
        throw new IllegalArgumentException(
            "registered twice: " + registration.verb + " " + registration.noun);
      }
    }
    registrations.add(registration);
    return this;
  }

  /** What {@link #on} has registered so far. */
  public final List<Registration> registrations() {
    return List.copyOf(registrations);
  }

  /** One function and what it answers. */
  public record Registration(Verb verb, String noun, EventFunction function, boolean nonBlocking) {}
}
