package io.restpipe.cef;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A queue on disk, in a folder of its own: entries are appended, read in order, and forgotten once
 * they are confirmed. One process at a time. Any thread.
 *
 * <p>What was appended survives the death of the process; a crash of the machine may take the last
 * seconds with it. What was read but not confirmed is read again after a restart. The folder holds
 * segments named by the number of their first byte, and {@code confirmed} with the number of the
 * first byte that is still wanted. They are the owner's alone.
 */
final class Spool implements Backlog {

  private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

  private static final int SEGMENT_BYTES = 4 << 20;
  private static final String SUFFIX = ".spool";

  private final Path folder;
  private final long maxBytes;
  private final FileChannel lockFile;
  private final SpoolMark mark;
  private final NavigableMap<Long, SpoolSegment> segments = new TreeMap<>();

  private long confirmed;
  private long read;
  private boolean closed;

  private Spool(Path folder, long maxBytes, FileChannel lockFile) throws IOException {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.lockFile = lockFile;
    this.mark = new SpoolMark(folder.resolve("confirmed"));
    openSegments();
    restoreMark();
    read = confirmed;
  }

  /**
   * Opens the spool of a folder, which is made if it is not there.
   *
   * @param maxBytes how much it may hold
   * @throws IOException if another process has it, or the folder can't be used
   */
  static Spool open(Path folder, long maxBytes) throws IOException {
    Files.createDirectories(folder, FileModes.ownersFolder(folder));
    FileChannel lockFile =
        FileChannel.open(
            folder.resolve("lock"),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            FileModes.owner(folder));
    try {
      FileLock lock = lockFile.tryLock();
      if (lock != null) {
        return new Spool(folder, maxBytes, lockFile);
      }
    } catch (OverlappingFileLockException e) {
      LOG.debug("spool {} is open in this process", folder);
    } catch (IOException e) {
      lockFile.close();
      throw e;
    }
    lockFile.close();
    throw new IOException(
        "spool " + folder + " is in use: give each program that logs a folder of its own");
  }

  private void openSegments() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.getFileName().toString().endsWith(SUFFIX)).sorted().toList();
    }
    for (Path file : files) {
      SpoolSegment segment = SpoolSegment.reopen(file, start(file));
      segments.put(segment.start(), segment);
    }
  }

  /** Without segments the next one begins where the last one ended. */
  private void restoreMark() throws IOException {
    long marked = mark.read();
    confirmed = segments.isEmpty() ? marked : Math.min(Math.max(marked, first()), end());
    if (confirmed != marked) {
      // A mark beyond the end would take for confirmed what is appended next.
      mark.write(confirmed);
    }
  }

  private static long start(Path file) throws IOException {
    String name = file.getFileName().toString();
    try {
      return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    } catch (NumberFormatException e) {
      throw new IOException(file + " does not belong in a spool: remove it", e);
    }
  }

  private long first() {
    return segments.isEmpty() ? 0 : segments.firstKey();
  }

  private long end() {
    return segments.isEmpty() ? confirmed : segments.lastEntry().getValue().end();
  }

  @Override
  public synchronized void append(byte[] entry) throws IOException {
    if (closed) {
      throw new IOException("spool " + folder + " was closed");
    }
    if (end() - confirmed + entry.length > maxBytes) {
      throw new IOException("spool " + folder + " is full: it holds " + maxBytes + " bytes");
    }
    lastSegment().append(entry);
  }

  private SpoolSegment lastSegment() throws IOException {
    if (!segments.isEmpty() && segments.lastEntry().getValue().length() < SEGMENT_BYTES) {
      return segments.lastEntry().getValue();
    }
    long start = end();
    // Where somebody removed it, what is appended from now on survives this process again.
    Files.createDirectories(folder, FileModes.ownersFolder(folder));
    SpoolSegment segment =
        SpoolSegment.create(folder.resolve(String.format("%020d%s", start, SUFFIX)), start);
    segments.put(start, segment);
    return segment;
  }

  @Override
  public synchronized byte @Nullable [] next() throws IOException {
    while (!closed && read < end()) {
      read = Math.max(read, first());
      SpoolSegment segment = segments.floorEntry(read).getValue();
      if (read >= segment.end()) {
        read = segments.higherKey(segment.start());
        continue;
      }
      byte[] entry = segment.read(read);
      if (entry != null) {
        read += SpoolSegment.length(entry);
        return entry;
      }
      LOG.warn("spool {} is damaged at byte {}: the rest of its segment is lost", folder, read);
      read = segment.end();
    }
    return null;
  }

  @Override
  public synchronized long waiting() {
    return Math.max(0, end() - read);
  }

  @Override
  public synchronized long position() {
    return read;
  }

  @Override
  public synchronized void confirm(long position) throws IOException {
    if (closed || position <= confirmed) {
      return;
    }
    confirmed = position;
    mark.write(position);
    while (!segments.isEmpty() && segments.firstEntry().getValue().end() <= position) {
      SpoolSegment done = segments.firstEntry().getValue();
      if (done.length() < SEGMENT_BYTES && segments.size() == 1) {
        return;
      }
      segments.pollFirstEntry();
      done.delete();
    }
  }

  @Override
  public synchronized boolean isEmpty() {
    return confirmed >= end();
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    for (SpoolSegment segment : segments.values()) {
      segment.close();
    }
    mark.close();
    lockFile.close();
  }
}
