package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.Body;
import io.restpipe.event.BodyException;
import io.restpipe.event.Event;
import io.restpipe.event.ParameterException;
import io.restpipe.event.PostData;
import io.restpipe.event.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** The body of one event, as its handler reads it. */
final class PostedData implements PostData {

  private final Event event;
  private final Body body;
  private final int limit;

  /** Whether a body that is not whole has found its reader, or was given up. */
  private final AtomicBoolean taken = new AtomicBoolean();

  /** What the handler reads; closed by whichever thread ends the event. */
  private volatile @Nullable InputStream stream;

  private byte @Nullable [] bytes;
  private @Nullable BodyException tooLarge;

  /**
   * @param body the event's body, or what has been gathered of it
   */
  PostedData(Event event, Body body, int limit) {
    this.event = event;
    this.body = body;
    this.limit = limit;
  }

  @Override
  public String mimeType() {
    return MediaType.bare(event.mimeType());
  }

  @Override
  public long length() {
    return body.length();
  }

  @Override
  public byte[] bytes() throws IOException {
    if (bytes == null) {
      bytes = read();
    }
    return bytes;
  }

  private byte[] read() throws IOException {
    ByteBuffer whole = body.whole();
    if (whole != null) {
      var copy = new byte[whole.remaining()];
      whole.get(copy);
      return copy;
    }
    take();
    CompletableFuture<byte[]> collected = body.aggregate(limit);
    try {
      return collected.get();
    } catch (InterruptedException interrupted) {
      collected.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the body");
    } catch (ExecutionException failed) {
      throw broken(failed.getCause());
    }
  }

  private IOException broken(@Nullable Throwable cause) {
    if (cause instanceof BodyException known) {
      if (known.reason() == BodyException.Reason.TOO_LARGE) {
        tooLarge = known;
      }
      return known;
    }
    return cause instanceof IOException known
        ? known
        : new BodyException(
            BodyException.Reason.BROKEN_OFF, "body broke off: " + cause, new IOException(cause));
  }

  /** Whether this is how {@link #bytes} said that the body is over the node's limit. */
  boolean saidTooLarge(Throwable failure) {
    return tooLarge != null && tooLarge == failure;
  }

  @Override
  public String text() throws IOException {
    try {
      return new String(bytes(), MediaType.charset(event));
    } catch (IllegalArgumentException unknownCharset) {
      throw new ParameterException("body: " + unknownCharset.getMessage(), unknownCharset);
    }
  }

  @Override
  public @Nullable Object json() throws IOException {
    return body.isEmpty() || bytes().length == 0 ? null : parse(Object.class);
  }

  @Override
  public <T> T json(Class<T> type) throws IOException {
    T value = parse(type);
    if (value == null) {
      throw new ParameterException("body is null, not a " + type.getSimpleName() + " as JSON");
    }
    return value;
  }

  private <T> @Nullable T parse(Class<T> type) throws IOException {
    byte[] json = bytes();
    if (json.length == 0) {
      throw new ParameterException("body is empty, not a " + type.getSimpleName() + " as JSON");
    }
    try {
      return Json.MAPPER.readValue(json, type);
    } catch (JacksonException unfit) {
      throw new ParameterException(
          "body is not "
              + (type == Object.class ? "JSON: " : "a " + type.getSimpleName() + " as JSON: ")
              + unfit.getOriginalMessage(),
          unfit);
    }
  }

  @Override
  public InputStream stream() {
    InputStream opened = body().stream();
    stream = opened;
    return opened;
  }

  @Override
  public Body body() {
    if (bytes != null) {
      return Body.of(bytes);
    }
    if (body.whole() == null) {
      take();
    }
    return body;
  }

  private void take() {
    if (!taken.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "the body is read already, or the event is answered: read it once, before the reply");
    }
  }

  /**
   * Gives up what nobody will read. A body that is being read may be what a streaming reply is made
   * of: it lives as long as that.
   *
   * @return the reply to send
   */
  Reply answered(Reply reply) {
    boolean unread = taken.compareAndSet(false, true);
    if (body.whole() != null) {
      return reply;
    }
    if (unread || reply.body().whole() != null) {
      giveUp();
      return reply;
    }
    return new Reply(
        reply.code(),
        reply.mimeType(),
        reply.headers(),
        new EndingBody(reply.body(), this::giveUp));
  }

  /** Gives up what was not read. */
  void giveUp() {
    taken.set(true);
    body.discard();
    InputStream open = stream;
    if (open != null) {
      try {
        open.close();
      } catch (IOException ignored) {
        // Nobody reads it: nothing is lost.
      }
    }
  }
}
