package io.restpipe.event;

/** Takes the events that come in over connections and answers them. */
@FunctionalInterface
public interface EventProcessor {

  /**
   * Starts to process an event; called on the connection's event loop, so it must not block. Every
   * exchange is answered or refused in the end, and its event's body read or discarded.
   */
  void process(Exchange exchange);
}
