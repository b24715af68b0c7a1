package io.restpipe.event;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * What came with an event: a media type and data, decoded on demand. The data can be read once, in
 * one of these ways; reading waits for bytes that are still under way, except in a handler marked
 * {@link NonBlocking}, which is called when all of them are there.
 *
 * <p>Call it; do not implement it: methods may be added.
 */
public interface PostData {

  /** The media type without its parameters; empty if there is none. */
  String mimeType();

  /** How many bytes there are, or {@link Body#UNKNOWN_LENGTH}. */
  long length();

  /**
   * All bytes.
   *
   * @throws BodyException if the body breaks off or is larger than the node's limit for a body in
   *     memory
   */
  byte[] bytes() throws IOException;

  /**
   * All bytes as text, in the charset that the media type names, else UTF-8.
   *
   * @throws ParameterException if the charset is not known
   */
  String text() throws IOException;

  /**
   * The data decoded from JSON as a tree of {@code Map}, {@code List}, {@code String}, {@code
   * Number}, {@code Boolean} and null; null for an empty body.
   *
   * @throws ParameterException if it is not JSON
   */
  @Nullable Object json() throws IOException;

  /**
   * The data decoded from JSON into a type: a record, a bean, a collection class, or the JSON
   * library's own tree.
   *
   * @throws ParameterException if it is not JSON or does not fit the type
   */
  <T> T json(Class<T> type) throws IOException;

  /** The bytes as they arrive. */
  InputStream stream();

  /** The body itself, for handlers that want chunks. */
  Body body();
}
