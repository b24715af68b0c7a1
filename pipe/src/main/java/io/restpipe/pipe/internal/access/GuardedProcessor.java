package io.restpipe.pipe.internal.access;

import io.restpipe.event.Event;
import io.restpipe.event.EventProcessor;
import io.restpipe.event.Exchange;
import io.restpipe.event.Principal;

/**
 * Lets through what may be done, and lets those behind it see who is behind the event. An event of
 * the peer's own passes untouched where there is no policy.
 */
public final class GuardedProcessor implements EventProcessor {

  private final AccessControl control;
  private final EventProcessor next;

  public GuardedProcessor(AccessControl control, EventProcessor next) {
    this.control = control;
    this.next = next;
  }

  @Override
  public void process(Exchange exchange) {
    Event event = exchange.event();
    boolean own = event.caller().isEmpty() && event.relayTo().isEmpty();
    if (own && control.open()) {
      next.process(exchange);
      return;
    }
    Principal caller = control.caller(exchange.peer(), event);
    String forbidden = control.forbids(exchange.peer(), caller, event);
    if (forbidden == null) {
      next.process(new CallerExchange(exchange, caller));
    } else {
      event.body().discard();
      exchange.refuse(Exchange.Refusal.FORBIDDEN, forbidden);
    }
  }
}
