package io.restpipe.cef;

import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Who may read what is made here: events are nobody else's business, wherever they wait. */
final class FileModes {

  private static final String OWNER_AND_GROUP = "rw-r-----";
  private static final String OWNER = "rw-------";
  private static final String OWNERS_FOLDER = "rwx------";

  private FileModes() {}

  static FileAttribute<?>[] ownerAndGroup(Path path) {
    return mode(path, OWNER_AND_GROUP);
  }

  static FileAttribute<?>[] owner(Path path) {
    return mode(path, OWNER);
  }

  static FileAttribute<?>[] ownersFolder(Path path) {
    return mode(path, OWNERS_FOLDER);
  }

  private static FileAttribute<?>[] mode(Path path, String permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
