package io.restpipe.pipe.internal.connection;

import io.netty.buffer.ByteBuf;
import io.restpipe.event.Body;
import io.restpipe.event.Event;
import io.restpipe.event.Principal;
import io.restpipe.event.Reply;
import io.restpipe.pipe.PipeException;
import io.restpipe.pipe.PipeException.Reason;
import io.restpipe.pipe.internal.wire.CancelCode;
import io.restpipe.pipe.internal.wire.EventHead;
import io.restpipe.pipe.internal.wire.FrameWriter;
import io.restpipe.pipe.internal.wire.ProtocolException;
import io.restpipe.pipe.internal.wire.ReplyHead;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An event that we send, and its reply. As a task it starts the call. */
final class OutboundCall extends Stream implements Call {

  private final Event event;
  private final String eventId;
  private final boolean resent;
  private final ReplyReceiver receiver;
  private final long started = System.nanoTime();

  private boolean settled;
  private boolean bodyTaken;
  private @Nullable ReplyHead reply;

  /** Counts against the peer's bound of streams; set by {@link Streams}. */
  boolean counted;

  OutboundCall(
      PipeConnection connection,
      Event event,
      String eventId,
      long timeout,
      boolean resent,
      ReplyReceiver receiver) {
    super(connection, timeout);
    this.event = event;
    this.eventId = eventId;
    this.resent = resent;
    this.receiver = receiver;
  }

  @Override
  void run() {
    if (!settled) {
      connection.streams().start(this);
    }
  }

  @Override
  void abandon() {
    fail(Reason.CONNECTION_LOST, "the event loop has ended", null);
  }

  @Override
  public void cancel() {
    connection.execute(this::cancelOnLoop);
  }

  private void cancelOnLoop() {
    fail(Reason.CANCELLED, "the caller gave up", null);
    if (timed()) {
      cancel(CancelCode.CALLER_GONE, "the caller gave up", true);
    }
  }

  @Override
  public boolean bodyTaken() {
    return bodyTaken;
  }

  @Override
  void writeHead(Outgoing out) {
    ByteBuf batch = out.batch(512);
    if (closed()) {
      return;
    }
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      expired();
      return;
    }
    Body body = event.body();
    ByteBuffer whole = body.whole();
    long length = whole == null ? Math.max(-1, body.length()) : whole.remaining();
    boolean end = length == 0;
    int stream = connection.streams().nextId();
    var head =
        new EventHead(
            eventId,
            event.verb(),
            event.noun(),
            event.parameters(),
            event.query(),
            event.headers(),
            event.mimeType(),
            length,
            TimeUnit.NANOSECONDS.toMillis(left),
            resent,
            event.caller().filter(OutboundCall::isAnother).orElse(null),
            event.relayTo().orElse(null));
    try {
      FrameWriter.event(batch, stream, head, end);
    } catch (IllegalArgumentException refused) {
      fail(Reason.BAD_EVENT, "the event cannot be sent: " + refused.getMessage(), refused);
      end("the event cannot be sent", true);
      return;
    }
    id = stream;
    connection.streams().opened(this);
    bodyTaken = true;
    if (end) {
      body.discard();
      outboundEnded();
    } else {
      sendBody(out, body, whole);
    }
  }

  /** Whoever is on the node's own machine is no other than the node. */
  private static boolean isAnother(Principal caller) {
    return caller.kind() != Principal.Kind.LOCAL;
  }

  void replied(ReplyHead head, boolean end) throws ProtocolException {
    if (reply != null) {
      throw new ProtocolException("second REPLY on stream " + id);
    }
    reply = head;
    connection.meters().answered.recordNanos(System.nanoTime() - started);
    progress();
    headReceived(head.bodyLength(), end);
  }

  boolean replied() {
    return reply != null;
  }

  @Override
  void deliver(Body body) {
    ReplyHead head = reply;
    if (settled || head == null) {
      body.discard();
      return;
    }
    settled = true;
    Reply complete;
    try {
      complete = new Reply(head.code(), head.mimeType(), head.headers(), body);
      receiver.replied(complete);
    } catch (RuntimeException failure) {
      connection.callbackFailed("reply to " + event, failure);
      body.discard();
    }
  }

  @Override
  void expired() {
    if (!delivered()) {
      fail(Reason.TIMED_OUT, "no reply to " + event + " within its deadline", null);
    }
    cancel(CancelCode.DEADLINE, "the deadline passed", true);
  }

  @Override
  void bodyFailed(Throwable failure) {
    String text = "the body of " + event + " broke off: " + failure;
    fail(Reason.BAD_EVENT, text, failure);
    cancel(CancelCode.BODY_FAILED, "the body broke off", true);
  }

  @Override
  void cancelledByPeer(CancelCode code, String text) {
    if (replied()) {
      deliverNow();
    }
    String why = "the peer ended it: " + (text.isEmpty() ? code.toString() : text);
    switch (code) {
      case OVERLOADED -> refuse(Reason.OVERLOADED, why);
      case TOO_LARGE -> refuse(Reason.TOO_LARGE, why);
      case FORBIDDEN -> refuse(Reason.FORBIDDEN, why);
      case DRAINING -> refuse(Reason.DRAINING, why);
      case UNKNOWN_PEER -> refuse(Reason.UNKNOWN_PEER, why);
      case NOT_CONNECTED -> refuse(Reason.NOT_CONNECTED, why);
      case OUTCOME_UNKNOWN -> failForGood(why);
      case DEADLINE -> fail(Reason.TIMED_OUT, why, null);
      case UNKNOWN, CALLER_GONE, BODY_FAILED, BODY_UNWANTED, INTERNAL ->
          fail(Reason.CONNECTION_LOST, why, null);
    }
    end(why, false);
  }

  @Override
  void connectionLost(String why) {
    if (replied()) {
      deliverNow();
    }
    fail(Reason.CONNECTION_LOST, why, null);
    end(why, false);
  }

  /** The peer says that it has not run the event. */
  void notRun(String why) {
    refuse(Reason.DRAINING, why);
    end(why, false);
  }

  /** The event was not run. */
  void refuse(Reason reason, String why) {
    settle(new PipeException(reason, false, why, null, null));
  }

  private void fail(Reason reason, String why, @Nullable Throwable cause) {
    settle(new PipeException(reason, id != 0, why, null, cause));
  }

  /** It broke further on, where nothing can be done about it from here. */
  private void failForGood(String why) {
    settle(
        new PipeException(Reason.CONNECTION_LOST, true, why, null, null), receiver::failedForGood);
  }

  private void settle(PipeException failure) {
    settle(failure, receiver::failed);
  }

  private void settle(PipeException failure, Consumer<PipeException> news) {
    if (settled) {
      return;
    }
    settled = true;
    try {
      news.accept(failure);
    } catch (RuntimeException thrown) {
      connection.callbackFailed("failure of " + event, thrown);
    }
  }

  @Override
  void ended() {
    connection.streams().ended(this);
  }
}
