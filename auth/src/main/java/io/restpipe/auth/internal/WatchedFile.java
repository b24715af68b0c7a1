package io.restpipe.auth.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a file says, read again when it changes; while what it says is wrong, what it said before
 * holds, and the log says so once. Any thread may read; one daemon thread for all files looks at
 * them once a second.
 */
public final class WatchedFile<T> implements AutoCloseable {

  /** Turns the bytes into what they mean. */
  @FunctionalInterface
  public interface Reader<T> {
    /**
     * What they mean.
     *
     * @throws IOException if they can't be understood; the message is shown
     */
    T read(byte[] content) throws IOException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Path file;
  private final int maxBytes;
  private final Reader<T> reader;
  private final ScheduledFuture<?> watch;
  private String print;
  private volatile T value;
  private volatile long generation;

  private WatchedFile(Path file, int maxBytes, Reader<T> reader) throws IOException {
    this.file = file;
    this.maxBytes = maxBytes;
    this.reader = reader;
    this.print = print(file);
    this.value = read();
    this.watch =
        Watch.THREAD.scheduleWithFixedDelay(
            this::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static final class Watch {
    static final ScheduledExecutorService THREAD =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              var thread = new Thread(task, "auth-watch");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Reads it for the first time.
   *
   * @throws IOException if it can't be read or understood; the message names the file
   */
  public static <T> WatchedFile<T> open(Path file, int maxBytes, Reader<T> reader)
      throws IOException {
    return new WatchedFile<>(file, maxBytes, reader);
  }

  public Path path() {
    return file;
  }

  /** What it says now. */
  public T value() {
    return value;
  }

  /** Counts up with each change. */
  public long generation() {
    return generation;
  }

  /** Reads it now if it has changed: for whoever has changed it. */
  public synchronized void refresh() {
    readIfChanged();
  }

  private synchronized boolean readIfChanged() {
    String now = print(file);
    if (now.equals(print)) {
      return false;
    }
    print = now;
    try {
      value = read();
      generation++;
      return true;
    } catch (IOException wrong) {
      LOG.error("what was read of {} before stays in force: {}", file, wrong.getMessage());
      return false;
    }
  }

  private void look() {
    try {
      if (readIfChanged()) {
        LOG.info("{} has changed and is in force", file);
      }
    } catch (RuntimeException e) {
      LOG.error("{} can't be looked at", file, e);
    }
  }

  private T read() throws IOException {
    try (var in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(maxBytes + 1);
      if (content.length > maxBytes) {
        throw new IOException("it is larger than " + maxBytes + " bytes");
      }
      return reader.read(content);
    } catch (NoSuchFileException missing) {
      throw new IOException(file + ": there is no such file", missing);
    } catch (IOException wrong) {
      throw new IOException(file + ": " + wrong.getMessage(), wrong);
    }
  }

  private static String print(Path file) {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
    } catch (IOException missing) {
      return "";
    }
  }

  @Override
  public void close() {
    watch.cancel(false);
  }
}
