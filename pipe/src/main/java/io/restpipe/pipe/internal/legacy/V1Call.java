package io.restpipe.pipe.internal.legacy;

import io.netty.util.concurrent.ScheduledFuture;
import io.restpipe.event.Body;
import io.restpipe.event.BodyException;
import io.restpipe.event.Event;
import io.restpipe.event.Headers;
import io.restpipe.event.Reply;
import io.restpipe.pipe.PipeException;
import io.restpipe.pipe.PipeException.Reason;
import io.restpipe.pipe.internal.connection.Call;
import io.restpipe.pipe.internal.connection.ReplyReceiver;
import io.restpipe.pipe.internal.wire.V1Event;
import io.restpipe.pipe.internal.wire.V1Reply;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An event that we send, and its reply. All but {@link #cancel} on the loop. */
final class V1Call implements Call {

  /** The highest that a reply can have here; version 1 knows any number of 32 bits. */
  private static final int MOST_CODE = 999;

  private static final String PEER_CODE = "X-Event-Peer-Return-Code";

  private final V1Connection connection;
  private final Event event;
  private final ReplyReceiver receiver;
  private final long deadline;

  private @Nullable ScheduledFuture<?> timer;
  private @Nullable CompletableFuture<byte[]> collecting;
  private @Nullable V1Event ready;
  private boolean settled;
  private boolean bodyTaken;
  private boolean sent;

  /** When it was sent. */
  private long sentAt;

  V1Call(V1Connection connection, Event event, long timeoutNanos, ReplyReceiver receiver) {
    this.connection = connection;
    this.event = event;
    this.receiver = receiver;
    this.deadline = System.nanoTime() + timeoutNanos;
  }

  /** Begins: makes the request ready, collecting the body where it is not in memory. */
  void start() {
    if (settled) {
      return;
    }
    V1Event head;
    try {
      connection.requireOpen();
      head = V1Request.head(event);
    } catch (PipeException unfit) {
      fail(unfit);
      return;
    }
    timer =
        connection
            .loop()
            .schedule(this::expired, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    int most = connection.settings().maxBody();
    ByteBuffer whole = event.body().whole();
    if (whole != null && whole.remaining() <= most) {
      checked(head, whole);
    } else if (event.body().length() > most) {
      fail(tooLarge(most));
    } else {
      bodyTaken = true;
      collecting = event.body().aggregate(most);
      collecting.whenComplete(
          (bytes, broken) -> connection.execute(() -> collected(head, bytes, broken)));
    }
  }

  private static PipeException tooLarge(int most) {
    return new PipeException(
        Reason.TOO_LARGE,
        "the body is larger than the "
            + most
            + " bytes that are sent to a node of version 1 (legacy.max_body)");
  }

  private void collected(V1Event head, byte @Nullable [] bytes, @Nullable Throwable broken) {
    if (bytes != null) {
      checked(head, ByteBuffer.wrap(bytes));
    } else if (broken instanceof BodyException body
        && body.reason() == BodyException.Reason.TOO_LARGE) {
      fail(tooLarge(connection.settings().maxBody()));
    } else {
      fail(
          new PipeException(
              Reason.BAD_EVENT,
              false,
              "the body of " + event + " broke off: " + broken,
              null,
              broken));
    }
  }

  private void checked(V1Event head, ByteBuffer data) {
    V1Request.complete(
        head,
        data,
        connection.settings().checks(),
        (request, unfit) -> connection.execute(() -> complete(request, unfit)));
  }

  private void complete(@Nullable V1Event request, @Nullable PipeException unfit) {
    if (settled) {
      return;
    }
    if (request == null) {
      fail(unfit == null ? new PipeException(Reason.BAD_EVENT, "no request") : unfit);
      return;
    }
    ready = request;
    connection.calls().submit(this);
  }

  /** The request, once it waits to be sent. */
  V1Event request() {
    if (ready == null) {
      throw new IllegalStateException("not ready yet");
    }
    return ready;
  }

  int bytes() {
    return ready == null ? 0 : ready.data().remaining();
  }

  void sending() {
    sent = true;
    bodyTaken = true;
    sentAt = System.nanoTime();
  }

  long sentAt() {
    return sentAt;
  }

  /** Whether nobody waits for the reply any more. */
  boolean settled() {
    return settled;
  }

  void replied(V1Reply reply) {
    if (settled) {
      return;
    }
    settle();
    int code = (int) Math.min(MOST_CODE, reply.code());
    Headers headers =
        reply.code() == code ? Headers.empty() : Headers.of(PEER_CODE, Long.toString(reply.code()));
    try {
      receiver.replied(new Reply(code, reply.mimeType(), headers, Body.of(reply.data())));
    } catch (RuntimeException failure) {
      connection.callbackFailed("reply to " + event, failure);
    }
  }

  private void expired() {
    fail(
        new PipeException(
            Reason.TIMED_OUT,
            sent,
            "no reply to "
                + event
                + " within its deadline"
                + (sent ? "" : ": it waited for other events on the same connection"),
            null,
            null));
  }

  /** The event loop has ended. On any thread. */
  void abandon() {
    settled = true;
    receiver.failed(new PipeException(Reason.CONNECTION_LOST, "the event loop has ended"));
  }

  /** The connection is gone. */
  void lost(String why) {
    if (sent && !isText()) {
      fail(
          new PipeException(
              Reason.BAD_EVENT,
              true,
              why
                  + ", while the peer had an event whose body is not text in UTF-8: some nodes of"
                  + " version 1 drop their connection on that; send it in base64, for example",
              null,
              null));
    } else {
      fail(new PipeException(Reason.CONNECTION_LOST, sent, why, null, null));
    }
  }

  private boolean isText() {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(request().data().duplicate());
      return true;
    } catch (CharacterCodingException binary) {
      return false;
    }
  }

  void fail(PipeException failure) {
    if (settled) {
      return;
    }
    settle();
    if (collecting != null) {
      collecting.cancel(true);
    }
    connection.calls().settled(this);
    try {
      receiver.failed(failure);
    } catch (RuntimeException thrown) {
      connection.callbackFailed("failure of " + event, thrown);
    }
  }

  private void settle() {
    settled = true;
    if (timer != null) {
      timer.cancel(false);
    }
  }

  @Override
  public void cancel() {
    connection.execute(
        () -> fail(new PipeException(Reason.CANCELLED, sent, "the caller gave up", null, null)));
  }

  @Override
  public boolean bodyTaken() {
    return bodyTaken;
  }
}
