package io.restpipe.event;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * What travels back: return code, media type, headers and a body.
 *
 * @param code 0, a handler's own code, or one of {@link ReturnCode}
 * @param mimeType the body's media type; may be empty
 */
public record Reply(int code, String mimeType, Headers headers, Body body) {

  /** The most bytes that {@link #bytes} and {@link #text} collect: 16 MiB. */
  public static final int AGGREGATE_LIMIT = 16 * 1024 * 1024;

  public Reply {
    if (code < 0 || code > 999) {
      throw new IllegalArgumentException("return code must be 0 to 999: " + code);
    }
  }

  public static Reply of(int code, String mimeType, Body body) {
    return new Reply(code, mimeType, Headers.empty(), body);
  }

  /**
   * All bytes of the body, waiting for them if need be: not for an event loop thread, unless the
   * body is whole. A body that is not whole can be read once.
   *
   * @throws UncheckedIOException if the body breaks off or is larger than {@link #AGGREGATE_LIMIT}
   */
  public byte[] bytes() {
    ByteBuffer whole = body.whole();
    if (whole != null) {
      var bytes = new byte[whole.remaining()];
      whole.get(bytes);
      return bytes;
    }
    try (InputStream in = body.stream()) {
      byte[] bytes = in.readNBytes(AGGREGATE_LIMIT + 1);
      if (bytes.length > AGGREGATE_LIMIT) {
        throw new BodyException(
            BodyException.Reason.TOO_LARGE,
            "body is larger than " + AGGREGATE_LIMIT + " bytes: read it with body().stream()");
      }
      return bytes;
    } catch (InterruptedIOException interrupted) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(interrupted);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** {@link #bytes} as UTF-8 text. */
  public String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  /** This reply with its body collected in memory. */
  public CompletableFuture<Reply> aggregate(int limit) {
    if (body.whole() != null) {
      return CompletableFuture.completedFuture(this);
    }
    return body.aggregate(limit)
        .thenApply(bytes -> new Reply(code, mimeType, headers, Body.of(bytes)));
  }

  /** Code and media type; never the body. */
  @Override
  public String toString() {
    return "Reply " + code + " " + mimeType;
  }
}
