package io.restpipe.auth.password;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Whose a file is: a command that root runs must not take a file away from the user that the server
 * runs as. Where there are no owners, or this user may not change them, nothing happens.
 */
final class Ownership {

  private final @Nullable PosixFileAttributes attributes;

  private Ownership(@Nullable PosixFileAttributes attributes) {
    this.attributes = attributes;
  }

  /** That of the file, or if it is not there yet that of its folder. */
  static Ownership of(Path file) {
    Path there = Files.exists(file) ? file : file.toAbsolutePath().getParent();
    PosixFileAttributeView view =
        there == null ? null : Files.getFileAttributeView(there, PosixFileAttributeView.class);
    try {
      return new Ownership(view == null ? null : view.readAttributes());
    } catch (IOException unreadable) {
      return new Ownership(null);
    }
  }

  void give(Path file) {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (attributes == null || view == null) {
      return;
    }
    try {
      PosixFileAttributes now = view.readAttributes();
      if (!now.group().equals(attributes.group())) {
        view.setGroup(attributes.group());
      }
      if (!now.owner().equals(attributes.owner())) {
        view.setOwner(attributes.owner());
      }
    } catch (IOException notAllowed) {
      // Then it belongs to whoever wrote it.
    }
  }
}
