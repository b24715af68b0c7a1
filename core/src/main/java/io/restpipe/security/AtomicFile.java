package io.restpipe.security;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/**
 * A file's new content, complete on disk beside its target, not yet in its place. Whoever reads the
 * target sees the old content or the new, never a part, whenever the machine stops.
 *
 * <p>Closing it without {@link #replace} or {@link #create} leaves the target as it was.
 */
public final class AtomicFile implements AutoCloseable {

  /** Who may read a file. */
  public enum Access {
    /** The owner: mode 0600. */
    OWNER("rw-------"),
    /** Everyone; only the owner writes: mode 0644. */
    EVERYONE("rw-r--r--");

    private final String permissions;

    Access(String permissions) {
      this.permissions = permissions;
    }
  }

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path target;
  private final Path prepared;
  private final boolean forced;

  private AtomicFile(Path target, Path prepared, boolean forced) {
    this.target = target;
    this.prepared = prepared;
    this.forced = forced;
  }

  /** Writes the content beside the target and forces it to disk. */
  public static AtomicFile prepare(Path target, byte[] content, Access access) throws IOException {
    return write(target, content, access, true);
  }

  /**
   * Writes the content beside the target, and leaves it to the system when that is on disk: for
   * what can be had again if the machine stops before. Other processes see the old content or the
   * new all the same.
   */
  public static AtomicFile draft(Path target, byte[] content, Access access) throws IOException {
    return write(target, content, access, false);
  }

  private static AtomicFile write(Path target, byte[] content, Access access, boolean forced)
      throws IOException {
    byte[] suffix = new byte[8];
    RANDOM.nextBytes(suffix);
    Path prepared =
        target.resolveSibling("." + target.getFileName() + "." + HexFormat.of().formatHex(suffix));
    var file = new AtomicFile(target, prepared, forced);
    try {
      file.write(content, access);
      return file;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Makes a folder that only its owner can enter, and the folders above it, where missing. */
  public static void makeFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return; // also through a symbolic link, which createDirectories does not take
    }
    Files.createDirectories(folder, attributes(folder, "rwx------"));
  }

  /** Puts the content in the target's place, whatever was there. */
  public void replace() throws IOException {
    Files.move(prepared, target, StandardCopyOption.ATOMIC_MOVE);
    forceFolder();
  }

  /**
   * Puts the content in the target's place if nothing is there.
   *
   * @throws FileAlreadyExistsException if something is
   */
  public void create() throws IOException {
    try {
      // Unlike a move, a hard link fails where there is a file, also if it came this instant.
      Files.createLink(target, prepared);
      Files.delete(prepared);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      // Not every file system has hard links.
      Files.move(prepared, target);
    }
    forceFolder();
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(prepared);
  }

  private void write(byte[] content, Access access) throws IOException {
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel =
        FileChannel.open(prepared, options, attributes(prepared, access.permissions))) {
      var bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      if (forced) {
        channel.force(true);
      }
    }
  }

  /** So that the new name, too, is on disk. A folder can't be opened everywhere. */
  private void forceFolder() throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    if (forced && folder != null && isPosix(folder)) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static FileAttribute<?>[] attributes(Path path, String permissions) {
    if (!isPosix(path)) {
      return new FileAttribute<?>[0];
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
    };
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
