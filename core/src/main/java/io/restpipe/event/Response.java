package io.restpipe.event;

import org.jspecify.annotations.Nullable;

/**
 * What a handler method returns when it sets more than the data.
 *
 * @param mimeType the media type; where it is JSON, {@code data} is encoded as JSON unless it is
 *     bytes or a stream
 * @param code 0 to 249, or an HTTP status from 300 to 599
 * @param data null (empty), bytes ({@code byte[]}, {@code ByteBuffer}), text, a stream ({@code
 *     InputStream}, {@code Path}, {@code Flow.Publisher<ByteBuffer>}, {@link Body}), or any value
 *     that JSON can say
 */
public record Response(String mimeType, int code, Headers headers, @Nullable Object data) {

  private static final String JSON = "application/json";

  public Response {
    boolean own = code >= 0 && code < 250;
    boolean status = code >= 300 && code <= 599;
    if (!own && !status) {
      throw new IllegalArgumentException(
          "a handler's return code must be 0 to 249 or 300 to 599: " + code);
    }
  }

  public static Response of(String mimeType, int code, @Nullable Object data) {
    return new Response(mimeType, code, Headers.empty(), data);
  }

  /** Code 0 and the given type. */
  public static Response of(String mimeType, @Nullable Object data) {
    return of(mimeType, ReturnCode.OK, data);
  }

  /** Code 0 and {@code application/json}. */
  public static Response json(@Nullable Object data) {
    return of(JSON, data);
  }

  /** {@code application/json} with a code of the handler's own. */
  public static Response json(int code, @Nullable Object data) {
    return of(JSON, code, data);
  }

  /** Code 0 and {@code text/plain}. */
  public static Response text(String text) {
    return of("text/plain; charset=utf-8", text);
  }

  /** This response with one more header field. */
  public Response header(String name, String value) {
    return new Response(mimeType, code, headers.with(name, value), data);
  }
}
