package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.Event;
import io.restpipe.event.Exchange;
import io.restpipe.event.PeerInfo;
import io.restpipe.event.Principal;
import io.restpipe.event.Reply;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** What the next processor sees: the first arrival's event, answered to whoever waits last. */
final class OnceExchange implements Exchange {

  private final OnceRun run;
  private final Exchange first;

  OnceExchange(OnceRun run, Exchange first) {
    this.run = run;
    this.first = first;
  }

  @Override
  public Event event() {
    return first.event();
  }

  @Override
  public String eventId() {
    return first.eventId();
  }

  @Override
  public PeerInfo peer() {
    return first.peer();
  }

  @Override
  public Principal caller() {
    return first.caller();
  }

  @Override
  public Instant deadline() {
    Instant now = run.deadline();
    return now == null ? first.deadline() : now;
  }

  @Override
  public Executor loop() {
    return first.loop();
  }

  @Override
  public void reply(Reply reply) {
    run.reply(reply);
  }

  @Override
  public void refuse(Refusal refusal, String message) {
    run.refuse(refusal, message);
  }

  @Override
  public boolean cancelled() {
    return run.cancelled();
  }

  @Override
  public void onCancel(Consumer<Cause> callback) {
    run.onCancel(callback);
  }

  @Override
  public boolean resent() {
    return first.resent();
  }
}
