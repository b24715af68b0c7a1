package io.restpipe.cef;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Appends records to a file, one a line. A line is written in one piece: many threads and processes
 * may append to the same file, and nobody ever finds half of one. When the file is moved or removed
 * the next record goes to a new one at its place. New files are readable by owner and group (mode
 * 0640).
 *
 * <p>A disk that is full leaves no partial line: what was written of it is taken back, and the
 * record counts as not written.
 */
public final class FileSink implements CefSink {

  /** When written lines are forced to the disk. */
  public enum Fsync {
    /** When the operating system does; a crash of the machine loses seconds. */
    NEVER,
    /** A second after a line at the latest. */
    EVERY_SECOND,
    /** With every line. */
    ALWAYS
  }

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Set<OpenOption> APPEND =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);

  // Of the mode in stat(2).
  private static final int FILE_TYPE = 0170000;
  private static final int PIPE = 0010000;

  private final Path file;
  private final Fsync fsync;
  private final @Nullable Rotation rotation;
  private final @Nullable RecordPrefix prefix;

  // Under this sink's lock.
  private @Nullable FileChannel channel;
  private @Nullable Object opened;
  private boolean dirty;
  private long forced = System.nanoTime();
  private boolean closed;

  private FileSink(Builder builder) throws IOException {
    this.file = builder.file;
    this.fsync = builder.fsync;
    this.rotation = builder.rotation();
    this.prefix = builder.prefix;
    open();
  }

  /** Begins a sink that appends to the file, which is made if it is not there. */
  public static Builder builder(Path file) {
    return new Builder(file);
  }

  @Override
  public int overhead() {
    return prefix == null ? 0 : prefix.length();
  }

  @Override
  public synchronized void write(CefRecord record) throws IOException {
    if (closed) {
      throw new IOException(file + " was closed");
    }
    byte[] line = line(record);
    FileChannel current = current(record.time(), line.length);
    appendTo(current, line);
    dirty = true;
    if (fsync == Fsync.ALWAYS) {
      force(current);
    } else {
      flush();
    }
  }

  private byte[] line(CefRecord record) {
    int start = overhead();
    byte[] line = new byte[start + record.bytes().length + 1];
    if (prefix != null) {
      prefix.write(record.time(), line, 0);
    }
    System.arraycopy(record.bytes(), 0, line, start, record.bytes().length);
    line[line.length - 1] = '\n';
    return line;
  }

  /** The channel of the file that is at the path now. */
  private FileChannel current(Instant time, int length) throws IOException {
    FileChannel current = channel == null || isElsewhere() ? reopen() : channel;
    if (rotation != null && rotation.isDue(current.size(), length, time)) {
      rotation.rotate(current.size(), length, time);
      current = reopen();
    }
    return current;
  }

  private boolean isElsewhere() throws IOException {
    try {
      return !Objects.equals(opened, key());
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  private @Nullable Object key() throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  /** Where another process has moved the file again, what is there next is another one. */
  private @Nullable Object keyOrNone() throws IOException {
    try {
      return key();
    } catch (NoSuchFileException e) {
      return new Object();
    }
  }

  private FileChannel reopen() throws IOException {
    closeChannel();
    return open();
  }

  private FileChannel open() throws IOException {
    refusePipe();
    FileChannel fresh;
    try {
      fresh = FileChannel.open(file, APPEND, FileModes.ownerAndGroup(file));
    } catch (NoSuchFileException e) {
      Path folder = file.toAbsolutePath().getParent();
      throw new IOException("the folder " + folder + " does not exist: make it", e);
    }
    channel = fresh;
    opened = keyOrNone();
    return fresh;
  }

  /** Opening a pipe waits until it has a reader, and writing to one while that does not read. */
  private void refusePipe() throws IOException {
    if (isPipe()) {
      throw new IOException(
          file + " is a pipe, whose reader could stop the log: name a file, or stdout");
    }
  }

  private boolean isPipe() throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return false;
    }
    try {
      int mode = (Integer) Files.getAttribute(file, "unix:mode");
      return (mode & FILE_TYPE) == PIPE;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private void appendTo(FileChannel current, byte[] line) throws IOException {
    try {
      append(current, line);
    } catch (IOException e) {
      if (!current.isOpen()) {
        // The caller's thread was interrupted, which closes the channel under it.
        channel = null;
      }
      throw e;
    }
  }

  /** One call of the system, which appends it in one piece. */
  private static void append(FileChannel channel, byte[] line) throws IOException {
    var bytes = ByteBuffer.wrap(line);
    int written = channel.write(bytes);
    if (bytes.hasRemaining()) {
      takeBack(channel, written);
      throw new IOException("only " + written + " of " + line.length + " bytes could be written");
    }
  }

  /** Only a full disk brings us here; if another process appended meanwhile, a part remains. */
  private static void takeBack(FileChannel channel, int written) throws IOException {
    long end = channel.position();
    if (channel.size() == end) {
      channel.truncate(end - written);
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    boolean due = System.nanoTime() - forced >= SECOND.toNanos();
    if (dirty && fsync == Fsync.EVERY_SECOND && due && channel != null) {
      force(channel);
    }
  }

  private void force(FileChannel current) throws IOException {
    current.force(false);
    dirty = false;
    forced = System.nanoTime();
  }

  private void closeChannel() throws IOException {
    if (channel != null) {
      if (dirty && fsync != Fsync.NEVER) {
        force(channel);
      }
      channel.close();
      channel = null;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    closeChannel();
  }

  /** Makes a file sink. */
  public static final class Builder {

    private static final int MAX_KEPT = 1000;

    private final Path file;
    private Fsync fsync = Fsync.NEVER;
    private long rotateBytes;
    private @Nullable Duration rotateEvery;
    private int kept = 10;
    private @Nullable RecordPrefix prefix;

    private Builder(Path file) {
      this.file = file;
    }

    /** By default never. */
    public Builder fsync(Fsync fsync) {
      this.fsync = fsync;
      return this;
    }

    /** Moves the file to NAME.1 before a line would make it longer; by default never. */
    public Builder rotateAt(long bytes) {
      if (bytes < 1) {
        throw new IllegalArgumentException("rotation at " + bytes + " bytes: must be 1 or more");
      }
      this.rotateBytes = bytes;
      return this;
    }

    /**
     * Moves the file to NAME.1 at each multiple of this time since midnight UTC of 1970; by default
     * never.
     */
    public Builder rotateEvery(Duration time) {
      if (time.compareTo(SECOND) < 0) {
        throw new IllegalArgumentException("rotation every " + time + ": must be 1 s or more");
      }
      this.rotateEvery = time;
      return this;
    }

    /** How many files are kept beside the one being written, 10 by default; the oldest go. */
    public Builder keep(int files) {
      if (files < 1 || files > MAX_KEPT) {
        throw new IllegalArgumentException("keep " + files + " files: must be 1 to " + MAX_KEPT);
      }
      this.kept = files;
      return this;
    }

    /** Begins each line with date and host, as syslog does; by default a line is the event. */
    public Builder prefix(String host, ZoneId zone) {
      this.prefix = new RecordPrefix(host, zone);
      return this;
    }

    /** As {@link #prefix(String, ZoneId)} with the name and the zone of this machine. */
    public Builder prefix() {
      return prefix(localHost(), ZoneId.systemDefault());
    }

    private @Nullable Rotation rotation() {
      return rotateBytes == 0 && rotateEvery == null
          ? null
          : new Rotation(file, rotateBytes, rotateEvery, kept);
    }

    /**
     * Opens the file.
     *
     * @throws IOException if it can't be appended to
     */
    public FileSink open() throws IOException {
      return new FileSink(this);
    }
  }

  static String localHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      return "localhost";
    }
  }
}
