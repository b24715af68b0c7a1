package io.restpipe.cef;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The {@code logger} program of util-linux, which turns each line it reads into a datagram for the
 * daemon. It finds the daemon again after a restart; what it could not send is lost unseen.
 */
final class LoggerProcess implements Closeable {

  private static final int EXIT_SECONDS = 2;

  private final Process process;

  LoggerProcess(String program, Path socket, String tag) throws IOException {
    var command =
        new ProcessBuilder(
            program,
            "--socket",
            socket.toString(),
            "--prio-prefix",
            "--size",
            Integer.toString(CefFormatter.LARGEST_MAX_BYTES),
            "--tag",
            tag);
    command.redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD);
    try {
      process = command.start();
    } catch (IOException e) {
      throw new IOException(
          socket
              + " takes datagrams, which Java can't send, and there is no program \""
              + program
              + "\" that does: install it, or log to udp://127.0.0.1:514",
          e);
    }
  }

  void send(byte[] line) throws IOException {
    if (!process.isAlive()) {
      throw new IOException("logger has ended with status " + process.exitValue());
    }
    OutputStream in = process.getOutputStream();
    in.write(line);
    in.flush();
  }

  @Override
  public void close() throws IOException {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroy();
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
  }
}
