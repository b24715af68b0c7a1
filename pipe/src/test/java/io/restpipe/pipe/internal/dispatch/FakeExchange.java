package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.Event;
import io.restpipe.event.Exchange;
import io.restpipe.event.PeerInfo;
import io.restpipe.event.Reply;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An exchange without a connection: the first answer is kept, all are counted. */
class FakeExchange implements Exchange {

  /** How an exchange was refused. */
  record Refused(Refusal refusal, String message) {}

  static final PeerInfo PEER =
      new PeerInfo(
          "client-1",
          "instance-1",
          new InetSocketAddress("127.0.0.1", 4321),
          "0.1.0",
          2,
          Set.of(),
          Instant.EPOCH);

  final CompletableFuture<Object> answer = new CompletableFuture<>();
  final AtomicInteger answers = new AtomicInteger();

  /** The reply's text, where a test has read it. */
  String text = "";

  private final Event event;
  private final PeerInfo peer;
  private final boolean resent;
  private final Instant deadline;

  private @Nullable Consumer<Cause> callback;
  private @Nullable Cause cause;

  FakeExchange(Event event) {
    this(event, PEER, false, Duration.ofSeconds(20));
  }

  FakeExchange(Event event, PeerInfo peer, boolean resent, Duration timeout) {
    this.event = event;
    this.peer = peer;
    this.resent = resent;
    this.deadline = Instant.now().plus(timeout);
  }

  /** The reply; fails where the exchange was refused, or not answered in time. */
  Reply awaitReply() {
    return (Reply) await();
  }

  Refused awaitRefusal() {
    return (Refused) await();
  }

  Object await() {
    try {
      return answer.get(10, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException none) {
      throw new AssertionError("no answer", none);
    }
  }

  boolean answered() {
    return answer.isDone();
  }

  /** Nobody waits any more, for this reason. */
  void cancel(Cause cause) {
    Consumer<Cause> toCall;
    synchronized (this) {
      if (this.cause != null || answer.isDone()) {
        return;
      }
      this.cause = cause;
      toCall = callback;
    }
    if (toCall != null) {
      toCall.accept(cause);
    }
  }

  @Override
  public Event event() {
    return event;
  }

  @Override
  public String eventId() {
    return event.id().orElse("event-1");
  }

  @Override
  public PeerInfo peer() {
    return peer;
  }

  @Override
  public Instant deadline() {
    return deadline;
  }

  @Override
  public Executor loop() {
    return Runnable::run;
  }

  @Override
  public void reply(Reply reply) {
    answers.incrementAndGet();
    if (!answer.complete(reply)) {
      reply.body().discard();
    }
  }

  @Override
  public void refuse(Refusal refusal, String message) {
    answers.incrementAndGet();
    answer.complete(new Refused(refusal, message));
  }

  @Override
  public synchronized boolean cancelled() {
    return cause != null;
  }

  @Override
  public void onCancel(Consumer<Cause> callback) {
    Cause already;
    synchronized (this) {
      if (this.callback != null) {
        throw new IllegalStateException("one callback at most");
      }
      this.callback = callback;
      already = cause;
    }
    if (already != null) {
      callback.accept(already);
    }
  }

  @Override
  public boolean resent() {
    return resent;
  }
}
