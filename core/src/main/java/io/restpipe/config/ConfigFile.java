package io.restpipe.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The bytes of a configuration file: UTF-8, at most 16 MiB, written whole or not at all. */
final class ConfigFile {

  private static final int LARGEST = 16 << 20;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private ConfigFile() {}

  /**
   * The text of a file, without its byte order mark.
   *
   * @throws ConfigException if it is too large or no UTF-8
   */
  static String read(Path file) throws IOException {
    byte[] bytes = bytes(file, LARGEST);
    if (bytes.length > LARGEST) {
      throw new ConfigException(
          Problem.at(new Origin.File(file, 0), "must not be larger than 16 MiB"));
    }
    String text = decode(file, bytes);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** At most one byte more than the limit. A pipe may never end, and can only be read once. */
  static byte[] bytes(Path file, int limit) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
      throw new IOException("it is no regular file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(limit + 1);
    }
  }

  private static String decode(Path file, byte[] bytes) {
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    var in = ByteBuffer.wrap(bytes);
    var out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      int line = 1;
      for (int i = 0; i < in.position(); i++) {
        line += bytes[i] == '\n' ? 1 : 0;
      }
      throw new ConfigException(
          Problem.at(new Origin.File(file, line), "is no UTF-8: save the file in that encoding"));
    }
    return out.flip().toString();
  }

  /** What went wrong, without the name of the file. */
  static String reason(Exception failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    boolean known = failure instanceof FileSystemException named && named.getReason() != null;
    return known
        ? String.valueOf(((FileSystemException) failure).getReason())
        : String.valueOf(failure.getMessage());
  }

  /**
   * Writes a file whole or not at all: on disk under another name, then renamed. Who may read it
   * stays as it was; a new one is its owner's only. A link stays a link.
   */
  static void write(Path file, String text) throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path folder = target.getParent();
    Path written = Files.createTempFile(folder, ".config", ".tmp");
    try {
      try (var channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = encode(text);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      keepPermissions(target, written);
      Files.move(
          written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private static ByteBuffer encode(String text) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
  }

  private static void keepPermissions(Path target, Path written) throws IOException {
    if (written.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(
          written, Files.exists(target) ? Files.getPosixFilePermissions(target) : OWNER_ONLY);
    }
  }
}
