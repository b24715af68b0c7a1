package io.restpipe.pipe.internal.legacy;

import io.netty.util.concurrent.ScheduledFuture;
import io.restpipe.event.Body;
import io.restpipe.event.BodyException;
import io.restpipe.event.Event;
import io.restpipe.event.Exchange;
import io.restpipe.event.PeerInfo;
import io.restpipe.event.Reply;
import io.restpipe.pipe.internal.wire.V1Reply;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An event that came in, and our reply, of which there is exactly one. */
final class V1Exchange implements Exchange {

  private final V1Connection connection;
  private final int id;
  private final Event event;
  private final int bytes;
  private final Instant deadline;
  private final long started = System.nanoTime();

  /** Null, then a {@link Watch} perhaps, then how it ended for the processor. */
  private final AtomicReference<@Nullable Object> state = new AtomicReference<>();

  private final ScheduledFuture<?> timer;

  /** Whether a reply was written, or none will ever be. On the loop. */
  private boolean closed;

  private enum Answered {
    ANSWERED
  }

  private record Watch(Consumer<Cause> callback) {}

  V1Exchange(V1Connection connection, int id, Event event, int bytes) {
    this.connection = connection;
    this.id = id;
    this.event = event;
    this.bytes = bytes;
    Duration most = connection.settings().eventTimeout();
    this.deadline = Instant.now().plus(most);
    this.timer = connection.loop().schedule(this::expired, most.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** As the peer calls it. */
  int id() {
    return id;
  }

  /** What it holds in memory. */
  int bytes() {
    return bytes;
  }

  /** How long it has been running, in nanoseconds. */
  long age() {
    return System.nanoTime() - started;
  }

  @Override
  public Event event() {
    return event;
  }

  @Override
  public String eventId() {
    return event.id().orElseThrow();
  }

  @Override
  public PeerInfo peer() {
    return connection.peer();
  }

  @Override
  public Instant deadline() {
    return deadline;
  }

  @Override
  public Executor loop() {
    return connection.loop();
  }

  /** The peer never sends one again. */
  @Override
  public boolean resent() {
    return false;
  }

  @Override
  public void reply(Reply answer) {
    if (!claim()) {
      answer.body().discard();
      return;
    }
    Body body = answer.body();
    ByteBuffer whole = body.whole();
    int most = connection.settings().maxBody();
    if (whole != null && whole.remaining() <= most) {
      connection.execute(() -> write(answer, whole));
    } else {
      body.aggregate(most)
          .whenComplete(
              (collected, broken) -> connection.execute(() -> write(answer, collected, broken)));
    }
  }

  private void write(Reply answer, byte @Nullable [] collected, @Nullable Throwable broken) {
    if (collected != null) {
      write(answer, ByteBuffer.wrap(collected));
    } else if (broken instanceof BodyException body
        && body.reason() == BodyException.Reason.TOO_LARGE) {
      failed(
          "the reply is larger than the "
              + connection.settings().maxBody()
              + " bytes that are sent to a node of version 1 (legacy.max_body)");
    } else {
      failed("the body of the reply broke off: " + broken);
    }
  }

  private void write(Reply answer, ByteBuffer data) {
    end(new V1Reply(answer.mimeType(), answer.code(), data));
  }

  @Override
  public void refuse(Refusal refusal, String message) {
    if (claim()) {
      connection.execute(() -> failed(message));
    }
  }

  private void failed(String message) {
    end(V1Failure.reply(message));
  }

  /** Whether this is the first answer. */
  private boolean claim() {
    return state.getAndSet(Answered.ANSWERED) != Answered.ANSWERED;
  }

  @Override
  public boolean cancelled() {
    return state.get() instanceof Cause;
  }

  @Override
  public void onCancel(Consumer<Cause> callback) {
    Object witness = state.compareAndExchange(null, new Watch(callback));
    if (witness instanceof Cause cause) {
      callback.accept(cause);
    } else if (witness instanceof Watch) {
      throw new IllegalStateException("one callback at most: there is one already");
    }
  }

  // On the loop from here.

  /** The peer would wait for ever: it is told, and what the handler says later is dropped. */
  private void expired() {
    cancelled(Cause.DEADLINE);
    failed(
        "no reply within the "
            + connection.settings().eventTimeout().toSeconds()
            + " s that an event may take (event.timeout)");
  }

  void connectionLost() {
    cancelled(Cause.CONNECTION_LOST);
    end(null);
  }

  private void end(@Nullable V1Reply reply) {
    if (closed) {
      return;
    }
    closed = true;
    timer.cancel(false);
    connection.events().ended(this, reply);
  }

  private void cancelled(Cause cause) {
    Object before = state.get();
    while (before == null || before instanceof Watch) {
      Object witness = state.compareAndExchange(before, cause);
      if (witness == before) {
        break;
      }
      before = witness;
    }
    if (before instanceof Watch watch) {
      try {
        watch.callback.accept(cause);
      } catch (RuntimeException failure) {
        connection.callbackFailed("cancellation of " + event, failure);
      }
    }
  }
}
