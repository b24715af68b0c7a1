package io.restpipe.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder that is gone afterwards, with all that is in it. */
record ScratchFolder(Path path) implements AutoCloseable {

  static ScratchFolder make() throws IOException {
    return new ScratchFolder(Files.createTempDirectory("rp-scratch"));
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(one);
      }
    }
  }
}
