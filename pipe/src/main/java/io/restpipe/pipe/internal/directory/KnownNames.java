package io.restpipe.pipe.internal.directory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names that were ever connected, in a file, one a line: so that a server that restarts knows
 * whom to wait for. Losing it costs no more than that. Any thread.
 */
public final class KnownNames {

  private static final Logger LOG = LoggerFactory.getLogger(KnownNames.class);

  private static final int MOST = 10_000;
  private static final long MOST_BYTES = 4L * 1024 * 1024;

  private final Path file;
  private final Executor writer;

  /** Guarded by this. */
  private final Set<String> names = new LinkedHashSet<>();

  /**
   * Reads the file, if it is there.
   *
   * @param writer runs one task after the other, off the event loop
   */
  public KnownNames(Path file, Executor writer) {
    this.file = file;
    this.writer = writer;
    try {
      if (Files.size(file) <= MOST_BYTES) {
        Files.readAllLines(file, StandardCharsets.UTF_8).stream()
            .filter(line -> !line.isBlank())
            .limit(MOST)
            .forEach(names::add);
      }
    } catch (NoSuchFileException first) {
      // Nobody was connected yet.
    } catch (IOException unreadable) {
      LOG.warn("cannot read the names of known clients from {}: {}", file, unreadable.toString());
    }
  }

  public synchronized List<String> all() {
    return List.copyOf(names);
  }

  /** Remembers a name. */
  public void add(String name) {
    synchronized (this) {
      if (names.size() >= MOST || !names.add(name)) {
        return;
      }
    }
    writer.execute(this::write);
  }

  private void write() {
    try {
      Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
      Files.write(temporary, all(), StandardCharsets.UTF_8);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException unwritable) {
      LOG.warn("cannot write the names of known clients to {}: {}", file, unwritable.toString());
    }
  }
}
