package io.restpipe.pipe.internal.access;

import io.restpipe.event.Event;
import io.restpipe.event.Exchange;
import io.restpipe.event.PeerInfo;
import io.restpipe.event.Principal;
import io.restpipe.event.Reply;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** An exchange whose caller is known. */
final class CallerExchange implements Exchange {

  private final Exchange exchange;
  private final Principal caller;

  CallerExchange(Exchange exchange, Principal caller) {
    this.exchange = exchange;
    this.caller = caller;
  }

  @Override
  public Principal caller() {
    return caller;
  }

  @Override
  public Event event() {
    return exchange.event();
  }

  @Override
  public String eventId() {
    return exchange.eventId();
  }

  @Override
  public PeerInfo peer() {
    return exchange.peer();
  }

  @Override
  public Instant deadline() {
    return exchange.deadline();
  }

  @Override
  public Executor loop() {
    return exchange.loop();
  }

  @Override
  public void reply(Reply reply) {
    exchange.reply(reply);
  }

  @Override
  public void refuse(Refusal refusal, String message) {
    exchange.refuse(refusal, message);
  }

  @Override
  public boolean cancelled() {
    return exchange.cancelled();
  }

  @Override
  public void onCancel(Consumer<Cause> callback) {
    exchange.onCancel(callback);
  }

  @Override
  public boolean resent() {
    return exchange.resent();
  }
}
