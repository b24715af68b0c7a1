package io.restpipe.cef;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One file of a spool. Each entry is its length (4 bytes), the CRC-32C of length and bytes (4
 * bytes), and its bytes. Positions count from the beginning of the spool, not of the file.
 */
final class SpoolSegment implements Closeable {

  private static final int HEAD = 2 * Integer.BYTES;
  private static final int MAX_ENTRY = CefFormatter.LARGEST_MAX_BYTES + 4096;

  private final Path path;
  private final long start;
  private FileChannel file;
  private long length;

  private SpoolSegment(Path path, FileChannel file, long start) {
    this.path = path;
    this.file = file;
    this.start = start;
  }

  static SpoolSegment create(Path path, long start) throws IOException {
    return new SpoolSegment(path, open(path), start);
  }

  /** Opens a file of an earlier run; what a crash left half-written at its end is cut off. */
  static SpoolSegment reopen(Path path, long start) throws IOException {
    var segment = new SpoolSegment(path, open(path), start);
    segment.length = segment.file.size();
    long end = start;
    for (byte[] entry = segment.read(end); entry != null; entry = segment.read(end)) {
      end += length(entry);
    }
    segment.length = end - start;
    segment.file.truncate(segment.length);
    return segment;
  }

  private static FileChannel open(Path path) throws IOException {
    return FileChannel.open(
        path,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
        FileModes.owner(path));
  }

  long start() {
    return start;
  }

  long length() {
    return length;
  }

  long end() {
    return start + length;
  }

  /** How much of a segment an entry takes. */
  static int length(byte[] entry) {
    return HEAD + entry.length;
  }

  void append(byte[] entry) throws IOException {
    var bytes = ByteBuffer.allocate(length(entry));
    bytes.putInt(entry.length).putInt(checkSum(entry)).put(entry).flip();
    reopenIfInterrupted();
    long at = length;
    while (bytes.hasRemaining()) {
      at += file.write(bytes, at);
    }
    length = at;
  }

  /** A thread that is interrupted while it writes closes the file under itself. */
  private void reopenIfInterrupted() throws IOException {
    if (!file.isOpen()) {
      file = open(path);
    }
  }

  /** The entry at that position, or null if there is no whole one. */
  byte @Nullable [] read(long position) throws IOException {
    reopenIfInterrupted();
    long at = position - start;
    var head = ByteBuffer.allocate(HEAD);
    if (at + HEAD > length || file.read(head, at) < HEAD) {
      return null;
    }
    int size = head.getInt(0);
    if (size < 0 || size > MAX_ENTRY || at + HEAD + size > length) {
      return null;
    }
    byte[] entry = new byte[size];
    int count = file.read(ByteBuffer.wrap(entry), at + HEAD);
    return count == size && checkSum(entry) == head.getInt(Integer.BYTES) ? entry : null;
  }

  private static int checkSum(byte[] entry) {
    var sum = new CRC32C();
    // With the length: zeros, which a crash may leave, are no empty entries.
    sum.update(ByteBuffer.allocate(Integer.BYTES).putInt(entry.length).flip());
    sum.update(entry);
    return (int) sum.getValue();
  }

  void delete() throws IOException {
    close();
    Files.deleteIfExists(path);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
