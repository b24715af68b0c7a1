package io.restpipe.cef;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The {@code logger} program of util-linux, which turns each line it reads into a datagram for the
 * daemon, with date and tag of its own. It says nothing of what it could not send: so it is handed
 * nothing while the daemon is not there.
 */
final class LoggerProcess implements LocalLink {

  private static final int EXIT_SECONDS = 2;

  /** A program that does not know these options, as that of busybox, ends within this time. */
  private static final int REFUSAL_MILLIS = 100;

  private final LocalSocket socket;
  private final SyslogHeader header;
  private final Process process;

  /**
   * Starts it.
   *
   * @param tag what messages begin with; {@code logger} always writes one
   * @param pid this process's id for the tag; empty for none
   */
  LoggerProcess(String program, LocalSocket socket, String tag, String pid, SyslogHeader header)
      throws IOException {
    this.socket = socket;
    this.header = header;
    var command = new ProcessBuilder(command(program, socket, tag, pid));
    command.redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD);
    try {
      process = command.start();
    } catch (IOException e) {
      throw new IOException(unusable("there is no program \"" + program + "\""), e);
    }
    refuseOther(program);
  }

  private static List<String> command(String program, LocalSocket socket, String tag, String pid) {
    var command = new ArrayList<String>();
    command.addAll(List.of(program, "--socket", socket.path().toString(), "--prio-prefix"));
    command.addAll(List.of("--size", Integer.toString(CefFormatter.LARGEST_MAX_BYTES)));
    command.addAll(List.of("--tag", tag));
    if (!pid.isEmpty()) {
      command.add("--id=" + pid);
    }
    return command;
  }

  private String unusable(String why) {
    return socket.path()
        + " takes datagrams, which Java can't send, and "
        + why
        + " that does: install util-linux's, or log to udp://127.0.0.1:514";
  }

  private void refuseOther(String program) throws IOException {
    try {
      if (process.waitFor(REFUSAL_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new IOException(
            unusable("\"" + program + "\" (status " + process.exitValue() + ") is none"));
      }
    } catch (InterruptedException e) {
      abort();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + program + " started", e);
    }
  }

  @Override
  public void send(byte[] message) throws IOException {
    if (!process.isAlive()) {
      throw new IOException("logger has ended with status " + process.exitValue());
    }
    Optional<SocketChannel> stream = socket.connect();
    if (stream.isPresent()) {
      stream.get().close();
      throw new IOException(socket.path() + " takes streams now");
    }
    OutputStream in = process.getOutputStream();
    in.write(SyslogFraming.NEWLINE.frame(header.withPriorityOnly(message)));
    in.flush();
  }

  /** Does not close the pipe, which would wait for a write that is under way. */
  @Override
  public void abort() {
    process.toHandle().destroyForcibly();
  }

  @Override
  public void close() throws IOException {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // It has ended, and what was not read is sent again by nobody.
      abort();
    }
    try {
      if (!process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
        abort();
      }
    } catch (InterruptedException e) {
      abort();
      Thread.currentThread().interrupt();
    }
  }
}
