package io.restpipe.event;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an event or a reply: a stream of chunks with back-pressure, read once.
 *
 * <p>A body that is already in memory says so with {@link #whole}; all others are read by
 * subscribing. Signals reach the subscriber one after the other, on the thread that has the bytes:
 * for a body from the network that is an event loop, where nothing may block. Whoever holds a body
 * reads it to its end or calls {@link #discard}; a body that is neither is ended by the deadline of
 * its event.
 */
public interface Body extends Flow.Publisher<Chunk> {

  /** Returned by {@link #length} where the length is not known beforehand. */
  long UNKNOWN_LENGTH = -1;

  /** How many bytes there are, or {@link #UNKNOWN_LENGTH}. */
  long length();

  /**
   * All bytes, if they are in memory already; null if the body must be subscribed to. The buffer is
   * a view of its own and may be read more than once.
   */
  @Nullable ByteBuffer whole();

  /**
   * Reads the body. A second subscriber to a body that is not whole gets an {@link
   * IllegalStateException} through {@code onError}.
   */
  @Override
  void subscribe(Flow.Subscriber<? super Chunk> subscriber);

  /**
   * Gives up what has not been read. Any thread; harmless where nothing is left. Whoever has
   * subscribed cancels rather than discards.
   */
  void discard();

  /** Whether there is nothing to read. */
  default boolean isEmpty() {
    return length() == 0;
  }

  /**
   * Collects all bytes.
   *
   * @param limit the most bytes to hold; a longer body fails with {@link
   *     BodyException.Reason#TOO_LARGE} and is discarded
   */
  default CompletableFuture<byte[]> aggregate(int limit) {
    return BodyCollector.collect(this, limit);
  }

  /**
   * Waits until all bytes are in memory, without copying them where that can be avoided.
   *
   * @param limit as of {@link #aggregate}
   * @return a body that does not wait for anything any more: one that is whole, or one that holds
   *     the network's own memory and so is to be read once or discarded like any other
   */
  default CompletableFuture<Body> gather(int limit) {
    return aggregate(limit).thenApply(Body::of);
  }

  /**
   * The bytes as a stream, which blocks the reading thread until they arrive. Not for an event loop
   * thread. Closing it early discards the rest.
   */
  default InputStream stream() {
    return BodyInputStream.of(this);
  }

  static Body empty() {
    return BytesBody.EMPTY;
  }

  /** A body in memory. The array is not copied: leave it unchanged. */
  static Body of(byte[] bytes) {
    return of(ByteBuffer.wrap(bytes));
  }

  /** A body in memory, in UTF-8. */
  static Body of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A body in memory: the bytes from position to limit. The buffer is not copied. */
  static Body of(ByteBuffer bytes) {
    return bytes.hasRemaining() ? new BytesBody(bytes.slice()) : BytesBody.EMPTY;
  }

  /**
   * A body read from a stream, on {@code reader}, as fast as it is taken; the stream is closed at
   * the end.
   *
   * @param length how many bytes the stream has, or {@link #UNKNOWN_LENGTH}
   */
  static Body from(InputStream in, long length, Executor reader) {
    return InputStreamBody.ofStream(in, length, reader);
  }

  /**
   * A body read from a file, on {@code reader}, as fast as it is taken. The length is the file's
   * length now.
   *
   * @throws java.io.UncheckedIOException if the file is not there or not readable
   */
  static Body from(Path file, Executor reader) {
    return InputStreamBody.ofFile(file, reader);
  }

  /**
   * A body from a publisher of buffers.
   *
   * @param length how many bytes it publishes in all, or {@link #UNKNOWN_LENGTH}; more or fewer
   *     break the body off
   */
  static Body from(Flow.Publisher<ByteBuffer> buffers, long length) {
    return new PublisherBody(buffers, length);
  }
}
