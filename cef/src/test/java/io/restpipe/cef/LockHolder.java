package io.restpipe.cef;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Another process that holds the lock on a file until it is closed. */
final class LockHolder implements AutoCloseable {

  private final Process process;

  LockHolder(Path file) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    process =
        new ProcessBuilder(
                List.of(java, "-cp", classes, LockHolder.class.getName(), file.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.getInputStream().read() != '!') {
      throw new IOException("the other process could not lock " + file);
    }
  }

  /** Locks the file that is named, says so, and holds on until its input ends. */
  public static void main(String[] args) throws IOException {
    try (FileChannel file =
        FileChannel.open(Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      System.out.print(file.tryLock() == null ? '?' : '!');
      System.out.flush();
      int end = System.in.read();
      System.exit(end);
    }
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().join();
  }
}
