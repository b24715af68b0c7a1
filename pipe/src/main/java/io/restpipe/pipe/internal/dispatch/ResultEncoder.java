package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.Body;
import io.restpipe.event.Headers;
import io.restpipe.event.Reply;
import io.restpipe.event.Response;
import io.restpipe.event.ReturnCode;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Turns what a handler returns into a reply. */
final class ResultEncoder {

  /** Reads streams and files. */
  private final Executor streams;

  ResultEncoder(Executor streams) {
    this.streams = streams;
  }

  /** Whether {@link #encode} will look at the disk. */
  static boolean needsDisk(@Nullable Object result) {
    return result instanceof Path
        || (result instanceof Response response && response.data() instanceof Path);
  }

  /** Throws whatever an encoder may throw, where the result cannot be said in its media type. */
  Reply encode(@Nullable Object result) {
    if (result instanceof Reply reply) {
      return reply;
    }
    if (result instanceof Response response) {
      return new Reply(response.code(), response.mimeType(), response.headers(), body(response));
    }
    if (result == null) {
      return reply("", Body.empty());
    }
    Body raw = raw(result);
    if (raw == null) {
      return reply(MediaType.JSON, json(result));
    }
    return reply(result instanceof Path file ? FileTypes.of(file) : MediaType.BYTES, raw);
  }

  private static Reply reply(String mimeType, Body body) {
    return new Reply(ReturnCode.OK, mimeType, Headers.empty(), body);
  }

  private Body body(Response response) {
    Object data = response.data();
    if (data == null) {
      return Body.empty();
    }
    Body raw = raw(data);
    if (raw != null) {
      return raw;
    }
    String mimeType = response.mimeType();
    if (MediaType.isJson(mimeType)) {
      return json(data);
    }
    if (data instanceof CharSequence
        || data instanceof Number
        || data instanceof Boolean
        || data instanceof Character) {
      return Body.of(data.toString().getBytes(MediaType.charset(mimeType)));
    }
    throw new IllegalArgumentException(
        "a "
            + data.getClass().getName()
            + " cannot be sent as "
            + (mimeType.isEmpty() ? "a response without a media type" : mimeType)
            + ": give text, bytes or a stream, or the media type application/json");
  }

  /** The body of what is bytes already; null for what has to be encoded. */
  @SuppressWarnings("unchecked") // The elements are checked one by one as they are published.
  private @Nullable Body raw(Object data) {
    if (data instanceof byte[] bytes) {
      return Body.of(bytes);
    }
    if (data instanceof ByteBuffer bytes) {
      return Body.of(bytes);
    }
    if (data instanceof Body body) {
      return body;
    }
    if (data instanceof InputStream in) {
      return Body.from(in, Body.UNKNOWN_LENGTH, streams);
    }
    if (data instanceof Path file) {
      return file(file);
    }
    if (data instanceof Flow.Publisher<?> publisher) {
      return Body.from((Flow.Publisher<ByteBuffer>) publisher, Body.UNKNOWN_LENGTH);
    }
    return null;
  }

  private Body file(Path file) {
    try {
      return Body.from(file, streams);
    } catch (UncheckedIOException unreadable) {
      throw new UncheckedIOException(
          "cannot send the file " + file.getFileName() + ": it is not there or not readable",
          unreadable.getCause());
    }
  }

  private static Body json(Object data) {
    return Body.of(Json.MAPPER.writeValueAsBytes(data));
  }
}
