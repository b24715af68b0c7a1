package io.restpipe.pipe.internal.connection;

import io.netty.buffer.ByteBuf;
import io.restpipe.event.Body;
import io.restpipe.event.Event;
import io.restpipe.event.Exchange;
import io.restpipe.event.PeerInfo;
import io.restpipe.event.Reply;
import io.restpipe.pipe.internal.wire.CancelCode;
import io.restpipe.pipe.internal.wire.EventHead;
import io.restpipe.pipe.internal.wire.FrameWriter;
import io.restpipe.pipe.internal.wire.ReplyHead;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An event that came in, and our reply. As a task it carries the answer to the loop. */
final class InboundExchange extends Stream implements Exchange {

  private final EventHead head;
  private final long started = System.nanoTime();

  /** Null, then a {@link Watch} perhaps, then how it ended for the processor. */
  private final AtomicReference<@Nullable Object> state = new AtomicReference<>();

  private @Nullable Event event;

  /** Set by whoever answers, before the task is queued. */
  private @Nullable Reply reply;

  /** The reply waits to be written, and is ours to discard. */
  private boolean headQueued;

  private @Nullable CancelCode refusal;
  private String refusalText = "";

  private enum Answered {
    ANSWERED
  }

  private record Watch(Consumer<Cause> callback) {}

  InboundExchange(PipeConnection connection, int id, EventHead head) {
    super(connection, TimeUnit.MILLISECONDS.toNanos(Math.max(1, head.timeoutMillis())));
    this.id = id;
    this.head = head;
  }

  // What the processor sees, on any thread.

  @Override
  public Event event() {
    if (event == null) {
      throw new IllegalStateException("the event is not complete yet");
    }
    return event;
  }

  @Override
  public String eventId() {
    return head.id();
  }

  @Override
  public PeerInfo peer() {
    return connection.peer();
  }

  /** Moves on while a body moves; a reader on another thread may see it a little late. */
  @Override
  public Instant deadline() {
    return Instant.now().plusNanos(deadline - System.nanoTime());
  }

  @Override
  public Executor loop() {
    return connection.loop();
  }

  @Override
  public boolean resent() {
    return head.resent();
  }

  @Override
  public void reply(Reply answer) {
    if (!claim()) {
      answer.body().discard();
      return;
    }
    reply = answer;
    connection.submit(this);
  }

  @Override
  public void refuse(Refusal why, String message) {
    if (!claim()) {
      return;
    }
    refusal =
        switch (why) {
          case OVERLOADED -> CancelCode.OVERLOADED;
          case TOO_LARGE -> CancelCode.TOO_LARGE;
          case FORBIDDEN -> CancelCode.FORBIDDEN;
          case DRAINING -> CancelCode.DRAINING;
          case UNKNOWN_PEER -> CancelCode.UNKNOWN_PEER;
          case NOT_CONNECTED -> CancelCode.NOT_CONNECTED;
          case OUTCOME_UNKNOWN -> CancelCode.OUTCOME_UNKNOWN;
        };
    refusalText = message;
    connection.submit(this);
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

  @Override
  void deliver(Body body) {
    event =
        Event.builder(head.verb(), head.noun())
            .id(head.id())
            .parameters(head.parameters())
            .query(head.query())
            .headers(head.headers())
            .body(head.mimeType(), body)
            .timeout(Duration.ofNanos(timeout))
            .caller(head.caller())
            .relayTo(head.relayTo())
            .build();
    try {
      connection.processor().process(this);
    } catch (RuntimeException failure) {
      connection.callbackFailed("processing of " + event, failure);
      if (claim()) {
        refusal = CancelCode.INTERNAL;
        refusalText = "the event could not be processed";
        run();
      }
    }
  }

  /** Brings the answer. */
  @Override
  void run() {
    connection.streams().answered(this);
    connection.meters().handled.recordNanos(System.nanoTime() - started);
    Reply answer = reply;
    if (closed()) {
      if (answer != null) {
        reply = null;
        answer.body().discard();
      }
    } else if (answer != null) {
      headQueued = true;
      connection.scheduler().head(this);
      connection.wake();
    } else if (refusal != null) {
      cancel(refusal, refusalText, true);
    }
  }

  @Override
  void abandon() {
    if (reply != null) {
      reply.body().discard();
    }
  }

  @Override
  void writeHead(Outgoing out) {
    ByteBuf batch = out.batch(256);
    Reply answer = reply;
    if (closed() || answer == null) {
      return;
    }
    reply = null;
    Body body = answer.body();
    ByteBuffer whole = body.whole();
    long length = whole == null ? Math.max(-1, body.length()) : whole.remaining();
    boolean end = length == 0;
    try {
      FrameWriter.reply(
          batch,
          id,
          new ReplyHead(answer.code(), answer.mimeType(), answer.headers(), length),
          end);
    } catch (IllegalArgumentException refused) {
      connection.callbackFailed("reply to " + event, refused);
      body.discard();
      cancel(CancelCode.INTERNAL, "the reply cannot be sent: " + refused.getMessage(), true);
      return;
    }
    progress();
    if (end) {
      body.discard();
      outboundEnded();
    } else {
      sendBody(out, body, whole);
    }
  }

  @Override
  void expired() {
    cancelled(Cause.DEADLINE);
    cancel(CancelCode.DEADLINE, "the deadline passed", true);
  }

  @Override
  void bodyFailed(Throwable failure) {
    connection.replyBroken(event, failure);
    cancel(CancelCode.BODY_FAILED, "the body broke off", true);
  }

  @Override
  void cancelledByPeer(CancelCode code, String text) {
    cancelled(code == CancelCode.DEADLINE ? Cause.DEADLINE : Cause.CALLER_GONE);
    end("the caller ended it: " + code + (text.isEmpty() ? "" : ", " + text), true);
  }

  @Override
  void connectionLost(String why) {
    cancelled(Cause.CONNECTION_LOST);
    end(why, false);
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

  @Override
  void ended() {
    Reply unsent = headQueued ? reply : null;
    if (unsent != null) {
      reply = null;
      unsent.body().discard();
    }
    if (!delivered()) {
      // The processor has never heard of it, and will not answer.
      connection.streams().answered(this);
    }
    connection.streams().ended(this);
  }
}
