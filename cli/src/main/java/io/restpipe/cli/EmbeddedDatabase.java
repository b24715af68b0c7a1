package io.restpipe.cli;

import io.restpipe.security.AtomicFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The database of users in the identity's folder, which only its owner can read. */
final class EmbeddedDatabase {

  private static final String NAME = "users-db";

  /** What H2 adds to the name. */
  private static final String SUFFIX = ".mv.db";

  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");

  private EmbeddedDatabase() {}

  /**
   * Where it is, as a URL. H2 makes files that everybody can read, and takes an empty one for its
   * own: so it finds one that is there.
   */
  static String url(Path folder) throws IOException {
    Path file = folder.resolve(NAME + SUFFIX);
    AtomicFile.makeFolder(folder);
    try {
      Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER));
    } catch (FileAlreadyExistsException there) {
      if (!OWNER.containsAll(Files.getPosixFilePermissions(file))) {
        Files.setPosixFilePermissions(file, OWNER);
      }
    } catch (UnsupportedOperationException notPosix) {
      // There the folder's own rights have to do.
    }
    return "jdbc:h2:" + folder.resolve(NAME).toAbsolutePath();
  }
}
