package io.restpipe.config;

/** Where a value came from. A later one in this list goes before an earlier one. */
public sealed interface Origin {

  /** Nobody said anything else. */
  record Default() implements Origin {
    @Override
    public String toString() {
      return "default";
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
