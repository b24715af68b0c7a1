package io.restpipe.auth.login;

import io.restpipe.auth.internal.RecordLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is locked out, in a file, so that a restart does not let them try again. Names and addresses
 * are hashed: what somebody types as a name may be a password. A file that can't be written is
 * logged, and locks nobody less until the next restart. Thread-safe; waits for the disk.
 */
final class LockoutFile implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LockoutFile.class);

  private final Path file;
  private final RecordLog log;
  private boolean failed;

  private LockoutFile(Path file, RecordLog log) {
    this.file = file;
    this.log = log;
  }

  /** A line of the file. */
  sealed interface Line {

    String text();

    /**
     * A user is locked.
     *
     * @param until it is locked; the epoch where it is not
     * @param lockouts how often in a row
     * @param last when it failed last
     */
    record User(String key, Instant until, int lockouts, Instant last) implements Line {
      @Override
      public String text() {
        return "U %s %d %d %d".formatted(key, until.toEpochMilli(), lockouts, last.toEpochMilli());
      }
    }

    /** A user has logged in since. */
    record Forgotten(String key) implements Line {
      @Override
      public String text() {
        return "D " + key;
      }
    }

    /** An address has failed that often. */
    record Address(String key, int count, Instant last) implements Line {
      @Override
      public String text() {
        return "A %s %d %d".formatted(key, count, last.toEpochMilli());
      }
    }

    /** Reads one; null where it is damaged. */
    static @Nullable Line parse(String text) {
      String[] parts = text.split(" ", -1);
      try {
        return switch (parts[0] + parts.length) {
          case "U5" ->
              new User(parts[1], instant(parts[2]), Integer.parseInt(parts[3]), instant(parts[4]));
          case "D2" -> new Forgotten(parts[1]);
          case "A4" -> new Address(parts[1], Integer.parseInt(parts[2]), instant(parts[3]));
          default -> null;
        };
      } catch (NumberFormatException damaged) {
        return null;
      }
    }

    private static Instant instant(String millis) {
      return Instant.ofEpochMilli(Long.parseLong(millis));
    }
  }

  /**
   * Opens or makes it, and gives what is in it to {@code each}.
   *
   * @throws IOException if it can't be read or written
   */
  static LockoutFile open(Path file, Consumer<Line> each) throws IOException {
    RecordLog log =
        RecordLog.open(
            file,
            text -> {
              Line line = Line.parse(text);
              if (line != null) {
                each.accept(line);
              }
            });
    return new LockoutFile(file, log);
  }

  /**
   * Adds a line, and rewrites the file where most of it means nothing any more.
   *
   * @param live how many lines mean something
   */
  synchronized void append(Line line, int live, Supplier<? extends Collection<Line>> all) {
    try {
      log.append(line.text());
      log.compact(live, () -> all.get().stream().map(Line::text).toList());
      failed = false;
    } catch (IOException e) {
      if (!failed) {
        LOG.error("{} can't be written, a restart will forget lock-outs: {}", file, e.getMessage());
      }
      failed = true;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    log.close();
  }
}
