package io.restpipe.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/** What a command has of the world around it: its streams and its environment. */
record Terminal(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {

  Terminal {
    environment = Map.copyOf(environment);
  }

  /** Those of this process. */
  static Terminal ofProcess() {
    return new Terminal(System.in, System.out, System.err, System.getenv());
  }

  /** A line for whoever reads our output, at once. */
  void say(String line) {
    out.println(line);
    out.flush();
  }
}
