package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.Body;
import io.restpipe.event.DuplicateEventException;
import io.restpipe.event.Exchange;
import io.restpipe.event.Headers;
import io.restpipe.event.Reply;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An event that runs, or has run, once: who waits for its reply now, and the reply when it is
 * there. Its state is guarded by the processor's lock.
 */
final class OnceRun {

  /** What a kept reply costs beside its characters and bytes. */
  private static final int OVERHEAD = 256;

  private enum State {
    RUNNING,
    ANSWERED,
    REFUSED
  }

  private final OnceProcessor owner;
  private final Object lock;
  private final OnceProcessor.OnceKey key;
  private final int fingerprint;
  private final int replyBytes;

  private State state = State.RUNNING;

  /** Who gets the reply; only while running. */
  private @Nullable Exchange waiting;

  /** Reaches the handler; only while running. */
  private @Nullable Consumer<Exchange.Cause> callback;

  private Exchange.@Nullable Cause cancelled;

  /** Runs out when nobody has come back by the deadline. */
  private @Nullable CompletableFuture<Boolean> grace;

  private @Nullable Reply reply;
  private int code;
  private long keptBytes;
  private long answeredNanos;

  OnceRun(
      OnceProcessor owner,
      Object lock,
      OnceProcessor.OnceKey key,
      int fingerprint,
      int replyBytes,
      Exchange first) {
    this.owner = owner;
    this.lock = lock;
    this.key = key;
    this.fingerprint = fingerprint;
    this.replyBytes = replyBytes;
    this.waiting = first;
  }

  OnceProcessor.OnceKey key() {
    return key;
  }

  long keptBytes() {
    return keptBytes;
  }

  long answeredNanos() {
    return answeredNanos;
  }

  /** Holding the lock: keeps what happened, but not the reply itself. */
  void release() {
    reply = null;
  }

  /** Gives the exchange that stands for the first arrival and all later ones. */
  Exchange begin(Exchange first) {
    first.onCancel(cause -> lost(first, cause));
    return new OnceExchange(this, first);
  }

  /**
   * A later arrival: gets the reply, now or when it is there; false if the event was refused and so
   * may run after all.
   */
  boolean join(Exchange later, int itsFingerprint) {
    Reply known;
    Exchange before = null;
    CompletableFuture<Boolean> over = null;
    synchronized (lock) {
      if (state == State.REFUSED) {
        return false;
      }
      if (itsFingerprint != fingerprint) {
        known = duplicate("duplicate-id", "was used for another event: give each event its own");
      } else if (state == State.ANSWERED) {
        known = reply != null ? reply : gone();
      } else {
        known = null;
        before = waiting;
        waiting = later;
        over = grace;
        grace = null;
      }
    }
    if (known != null) {
      later.reply(known);
      return true;
    }
    if (over != null) {
      over.complete(false);
    }
    if (before != null) {
      before.reply(duplicate("superseded", "came again: the reply goes to the later one"));
    }
    later.onCancel(cause -> lost(later, cause));
    return true;
  }

  private Reply gone() {
    return duplicate(
        "reply-gone", "has run, with return code " + code + ", but its reply is no longer held");
  }

  private Reply duplicate(String kind, String what) {
    return ExceptionReply.of(
        new DuplicateEventException("event id " + key.eventId() + " " + what),
        Headers.of(ExceptionReply.KIND, kind));
  }

  /** One of those who waited does so no more. */
  private void lost(Exchange exchange, Exchange.Cause cause) {
    CompletableFuture<Boolean> started = null;
    synchronized (lock) {
      if (state != State.RUNNING || waiting != exchange || cancelled != null) {
        return;
      }
      long left = Duration.between(Instant.now(), exchange.deadline()).toMillis();
      if (cause == Exchange.Cause.CONNECTION_LOST && left > 0) {
        started = new CompletableFuture<Boolean>();
        started.completeOnTimeout(true, left, TimeUnit.MILLISECONDS);
        grace = started;
      }
    }
    if (started == null) {
      cancel(cause);
    } else {
      CompletableFuture<Boolean> running = started;
      running.thenAccept(
          ranOut -> {
            if (ranOut && isStill(running)) {
              cancel(Exchange.Cause.DEADLINE);
            }
          });
    }
  }

  private boolean isStill(CompletableFuture<Boolean> running) {
    synchronized (lock) {
      return grace == running;
    }
  }

  private void cancel(Exchange.Cause cause) {
    Consumer<Exchange.Cause> toCall;
    synchronized (lock) {
      if (state != State.RUNNING || cancelled != null) {
        return;
      }
      cancelled = cause;
      toCall = callback;
    }
    if (toCall != null) {
      toCall.accept(cause);
    }
  }

  void onCancel(Consumer<Exchange.Cause> toCall) {
    Exchange.Cause already;
    synchronized (lock) {
      if (state != State.RUNNING) {
        return;
      }
      callback = toCall;
      already = cancelled;
    }
    if (already != null) {
      toCall.accept(already);
    }
  }

  boolean cancelled() {
    synchronized (lock) {
      return cancelled != null;
    }
  }

  /** The deadline of whoever waits now; null when nobody does. */
  @Nullable Instant deadline() {
    synchronized (lock) {
      return waiting == null ? null : waiting.deadline();
    }
  }

  /**
   * Takes the reply; a short one that is still to be read is read first, so that it can be kept.
   */
  void reply(Reply given) {
    Body body = given.body();
    if (body.whole() == null && body.length() >= 0 && body.length() <= replyBytes) {
      given
          .aggregate(replyBytes)
          .whenComplete(
              (whole, failure) -> answer(failure == null ? whole : ExceptionReply.of(failure)));
    } else {
      answer(given);
    }
  }

  private void answer(Reply given) {
    Exchange to;
    synchronized (lock) {
      to = end(State.ANSWERED);
      if (to != null) {
        code = given.code();
        ByteBuffer whole = given.body().whole();
        if (whole != null && whole.remaining() <= replyBytes) {
          reply = given;
          keptBytes = size(given, whole.remaining());
        }
        answeredNanos = owner.now();
        owner.answered(this);
      }
    }
    if (to == null) {
      given.body().discard();
    } else {
      to.reply(given);
    }
  }

  private static long size(Reply reply, int body) {
    long[] size = {OVERHEAD + body + 2L * reply.mimeType().length()};
    reply.headers().forEach((name, value) -> size[0] += 2L * (name.length() + value.length()));
    return size[0];
  }

  void refuse(Exchange.Refusal refusal, String message) {
    Exchange to;
    synchronized (lock) {
      to = end(State.REFUSED);
      if (to != null) {
        owner.refused(this);
      }
    }
    if (to != null) {
      to.refuse(refusal, message);
    }
  }

  /** Holding the lock. Who waits for what is said now; null if it was said already. */
  private @Nullable Exchange end(State how) {
    if (state != State.RUNNING) {
      return null;
    }
    state = how;
    Exchange last = waiting;
    waiting = null;
    callback = null;
    CompletableFuture<Boolean> over = grace;
    grace = null;
    if (over != null) {
      over.complete(false);
    }
    return last;
  }
}
