package io.restpipe.cef;

import java.io.Closeable;
import java.io.IOException;

/**
 * A place that records are written to. {@link CefLogger} calls it from one thread, and from another
 * only to close it; a sink that is used without a logger may be called from any. An application may
 * write its own.
 */
public interface CefSink extends Closeable {

  /**
   * Writes a record, whole or not at all. May block.
   *
   * @throws IOException if it was not written; the logger tries it again, so it must not be written
   *     in part
   */
  void write(CefRecord record) throws IOException;

  /** Called about once a second and when there is nothing to write. */
  default void flush() throws IOException {}

  /**
   * How long a record may be, with what this adds to it; by default as long as it likes. The logger
   * shortens records to it, for one that can never be written would stop all others.
   */
  default int maxBytes() {
    return Integer.MAX_VALUE;
  }

  /** How many bytes it adds to each record; they count against the limit of a record. */
  default int overhead() {
    return 0;
  }
}
