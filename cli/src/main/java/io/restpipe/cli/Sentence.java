package io.restpipe.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What an exception of the file system means; its own message is often no more than a path. */
final class Sentence {

  private Sentence() {}

  static String of(IOException failure) {
    if (!(failure instanceof FileSystemException file)) {
      return String.valueOf(failure.getMessage());
    }
    return file.getFile() + " " + what(file);
  }

  private static String what(FileSystemException failure) {
    if (failure instanceof AccessDeniedException) {
      return "may not be written by this user";
    }
    if (failure instanceof NoSuchFileException) {
      return "does not exist";
    }
    if (failure instanceof NotDirectoryException || failure instanceof FileAlreadyExistsException) {
      return "is not a folder";
    }
    return "cannot be written: " + failure.getReason();
  }
}
