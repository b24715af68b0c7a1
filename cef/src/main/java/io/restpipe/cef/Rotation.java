package io.restpipe.cef;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a full or old file to NAME.1, NAME.1 to NAME.2 and so on. Of several processes that write
 * the file one does it, under a lock on NAME.lock; the others go on with the file that is there.
 * Under the lock of its sink.
 */
final class Rotation {

  private static final Logger LOG = LoggerFactory.getLogger(Rotation.class);

  private final Path file;
  private final long maxBytes;
  private final @Nullable Duration every;
  private final int kept;
  private long period = -1;

  Rotation(Path file, long maxBytes, @Nullable Duration every, int kept) {
    this.file = file;
    this.maxBytes = maxBytes;
    this.every = every;
    this.kept = kept;
  }

  /** Whether a file of that size must go before a line of that length is written. */
  boolean isDue(long size, int length, Instant now) throws IOException {
    if (size == 0) {
      period = period(now);
      return false;
    }
    boolean full = maxBytes > 0 && size + length > maxBytes;
    return full || isOld(now);
  }

  private boolean isOld(Instant now) throws IOException {
    if (every == null) {
      return false;
    }
    if (period < 0) {
      period = period(lastModified(now));
    }
    return period(now) > period;
  }

  private Instant lastModified(Instant otherwise) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (NoSuchFileException e) {
      return otherwise;
    }
  }

  private long period(Instant time) {
    return every == null ? 0 : time.toEpochMilli() / every.toMillis();
  }

  void rotate(long size, int length, Instant now) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                beside("lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                FileModes.owner(file));
        FileLock lock = channel.tryLock()) {
      // Where another process is at it, nobody waits for that: the line goes to the old file yet.
      if (lock != null && isStillDue(size, length, now)) {
        moveAll();
      }
    } catch (OverlappingFileLockException e) {
      // Another sink of this process is at it.
      LOG.debug("{} is being rotated by another sink", file);
    }
    period = period(now);
  }

  /** Another process may have moved it; then the file at the path is a younger one. */
  private boolean isStillDue(long size, int length, Instant now) throws IOException {
    try {
      boolean sameFile = Files.size(file) >= size;
      return sameFile && isDue(Files.size(file), length, now);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private void moveAll() throws IOException {
    for (int i = kept; i > 0; i--) {
      Path from = i == 1 ? file : beside(Integer.toString(i - 1));
      if (Files.exists(from)) {
        Files.move(from, beside(Integer.toString(i)), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private Path beside(String suffix) {
    return file.resolveSibling(file.getFileName() + "." + suffix);
  }
}
