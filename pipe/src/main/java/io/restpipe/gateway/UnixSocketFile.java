package io.restpipe.gateway;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** The file that a Unix domain socket has in the file system. */
final class UnixSocketFile {

  private UnixSocketFile() {}

  /**
   * Removes a socket file that a dead process left.
   *
   * @throws IOException if somebody listens on it, or it is not a socket
   */
  static void removeStale(Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    boolean socket =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isOther();
    if (!socket) {
      throw new IOException(
          file + " exists and is not a socket: remove it, or choose another path");
    }
    if (listening(file)) {
      throw new IOException(
          "another process listens on " + file + ": stop it, or choose another path");
    }
    Files.deleteIfExists(file);
  }

  private static boolean listening(Path file) throws IOException {
    try (var probe = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
      return probe.isOpen();
    } catch (ConnectException refused) {
      return false;
    }
  }

  /** Lets the owner and the group connect, nobody else. */
  static void restrict(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
  }

  static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException inUse) {
      // The next start finds nobody listening and removes it.
    }
  }
}
