package io.restpipe.examples.fileserver;

import io.restpipe.event.ClientEventHandler;
import io.restpipe.event.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Runs behind the firewall: lists the files of a folder and sends them. */
public final class FolderAnswers extends ClientEventHandler {

  private final Path folder;

  public FolderAnswers(Path folder) {
    this.folder = folder;
  }

  /** Answers {@code GET files}: the names. */
  public List<String> getFiles() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(FolderAnswers::isFile)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  /**
   * Answers {@code GET file//NAME}: the file, streamed, so that its size does not matter. A {@code
   * Path} parameter is one safe file name: {@code ..} and slashes are refused before this is
   * called.
   */
  public Object getFile(Path name) {
    Path file = folder.resolve(name);
    return isFile(file) ? file : Response.of("text/plain", 404, "no file " + name + "\n");
  }

  /** A link could lead out of the folder. */
  private static boolean isFile(Path path) {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
  }
}
