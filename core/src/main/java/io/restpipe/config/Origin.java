package io.restpipe.config;

import java.nio.file.Path;

/** Where a value came from. */
public sealed interface Origin {

  /** Nobody said anything else. */
  record Default() implements Origin {
    @Override
    public String toString() {
      return "default";
    }
  }

  /** The program itself: a map that it gave, or a constant of a class. */
  record Code(String name) implements Origin {
    @Override
    public String toString() {
      return name;
    }
  }

  /** A line of a file, counted from 1; 0 is the file as a whole. */
  record File(Path path, int line) implements Origin {
    @Override
    public String toString() {
      return line == 0 ? path.toString() : path + ":" + line;
    }
  }

  /** An environment variable. */
  record Variable(String name) implements Origin {
    @Override
    public String toString() {
      return name;
    }
  }

  /** A flag on the command line. */
  record Flag(String name) implements Origin {
    @Override
    public String toString() {
      return name;
    }
  }
}
