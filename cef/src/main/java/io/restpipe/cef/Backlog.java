package io.restpipe.cef;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A bounded queue whose entries stay until they are confirmed. Any thread. */
interface Backlog extends Closeable {

  /**
   * Adds an entry.
   *
   * @throws IOException if there is no room; then it is not in
   */
  void append(byte[] entry) throws IOException;

  /** The next entry that was not read yet, or null if there is none. */
  byte @Nullable [] next() throws IOException;

  /** How many bytes were not read yet, about. */
  long waiting();

  /** Where reading has come to: what {@link #confirm} takes once all that was read is safe. */
  long position();

  /** Everything read before that position is not wanted any more. */
  void confirm(long position) throws IOException;

  /** Whether nothing waits to be confirmed. */
  boolean isEmpty();
}
