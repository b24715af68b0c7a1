package io.restpipe.auth.internal;

import io.restpipe.security.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Lines in a file that only its owner can read: appended, each on disk before {@link #append}
 * returns, and rewritten in one piece when most of them mean nothing any more. A last line that was
 * cut off by a crash is passed over. Not thread-safe.
 */
public final class RecordLog implements AutoCloseable {

  private static final int LEAST_LINES = 1000;

  private final Path file;
  private FileChannel channel;
  private int lines;

  private RecordLog(Path file) throws IOException {
    this.file = file;
    this.channel = open(file);
  }

  /**
   * Opens or makes it, and gives each line that is there to {@code each}.
   *
   * @throws IOException if it can't be read or written
   */
  public static RecordLog open(Path file, Consumer<String> each) throws IOException {
    if (!Files.exists(file)) {
      try (var empty = AtomicFile.prepare(file, new byte[0], AtomicFile.Access.OWNER)) {
        empty.replace();
      }
    }
    var log = new RecordLog(file);
    log.replay(each);
    return log;
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private void replay(Consumer<String> each) throws IOException {
    byte[] content = Files.readAllBytes(file);
    int end = 0;
    for (int i = 0; i < content.length; i++) {
      if (content[i] == '\n') {
        each.accept(new String(content, end, i - end, StandardCharsets.US_ASCII));
        end = i + 1;
        lines++;
      }
    }
    channel.position(end);
    channel.truncate(end);
  }

  /** Adds a line of printable ASCII. */
  public void append(String line) throws IOException {
    write(channel, line);
    channel.force(false);
    lines++;
  }

  /** Rewrites the file with these lines where that makes it much shorter. */
  public void compact(int live, Supplier<? extends Collection<String>> content) throws IOException {
    if (lines < LEAST_LINES || lines < 2 * live) {
      return;
    }
    List<String> kept = new ArrayList<>(content.get());
    String text = kept.isEmpty() ? "" : String.join("\n", kept) + "\n";
    try (var next =
        AtomicFile.prepare(
            file, text.getBytes(StandardCharsets.US_ASCII), AtomicFile.Access.OWNER)) {
      next.replace();
    }
    channel.close();
    channel = open(file);
    channel.position(channel.size());
    lines = kept.size();
  }

  private static void write(FileChannel channel, String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
