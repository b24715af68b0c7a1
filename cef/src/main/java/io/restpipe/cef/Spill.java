package io.restpipe.cef;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Records that found no room in a queue, on disk, in order. What still waited in the queue when the
 * logger was closed is older than they are: it goes to a spool of its own, which is read first. Any
 * thread.
 */
final class Spill implements Closeable {

  private final Spool earlier;
  private final Spool later;

  private Spill(Spool earlier, Spool later) {
    this.earlier = earlier;
    this.later = later;
  }

  /**
   * Opens what is in a folder, which is made if it is not there.
   *
   * @param maxBytes how much may be spilled, and how much of a queue may be kept
   * @throws IOException if another process has it, or the folder can't be used
   */
  static Spill open(Path folder, long maxBytes) throws IOException {
    Spool later = Spool.open(folder, maxBytes);
    try {
      return new Spill(Spool.open(folder.resolve("earlier"), maxBytes), later);
    } catch (IOException e) {
      later.close();
      throw e;
    }
  }

  /**
   * Adds a record after all others.
   *
   * @throws IOException if there is no room; then it is not in
   */
  void append(CefRecord record) throws IOException {
    later.append(encoded(record));
  }

  /**
   * Adds a record that is older than what was spilled; only while nothing is left of such ones.
   *
   * @throws IOException if there is no room; then it is not in
   */
  void appendEarlier(CefRecord record) throws IOException {
    earlier.append(encoded(record));
  }

  /** The next record that was not read yet, or null if there is none. */
  @Nullable CefRecord next() throws IOException {
    byte[] entry = earlier.next();
    if (entry == null) {
      entry = later.next();
    }
    return entry == null ? null : decoded(entry);
  }

  /** What was read is not wanted any more. */
  void confirm() throws IOException {
    earlier.confirm(earlier.position());
    later.confirm(later.position());
  }

  boolean isEmpty() {
    return earlier.isEmpty() && later.isEmpty();
  }

  private static byte[] encoded(CefRecord record) {
    return ByteBuffer.allocate(Long.BYTES + record.bytes().length)
        .putLong(record.time().toEpochMilli())
        .put(record.bytes())
        .array();
  }

  private static CefRecord decoded(byte[] entry) {
    return new CefRecord(
        Instant.ofEpochMilli(ByteBuffer.wrap(entry).getLong()),
        Arrays.copyOfRange(entry, Long.BYTES, entry.length));
  }

  @Override
  public void close() throws IOException {
    try {
      earlier.close();
    } finally {
      later.close();
    }
  }
}
