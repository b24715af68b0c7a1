package io.restpipe.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A node in a process of its own, as a user would start it. It ends when this process does: its
 * standard input is a pipe that the operating system closes then.
 */
final class ChildNode implements AutoCloseable {

  private static final int LOG_LINES = 200;
  private static final int UNREAD_LINES = 1000;
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final String program;
  private final Process process;
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>(UNREAD_LINES);
  // Guarded by itself.
  private final ArrayDeque<String> log = new ArrayDeque<>();

  private ChildNode(String program, Process process) {
    this.program = program;
    this.process = process;
    read(
        "out",
        process.getInputStream(),
        line -> {
          if (!said.offer(line)) {
            keep(line);
          }
        });
    read("err", process.getErrorStream(), this::keep);
  }

  /** Starts {@code rp-server} or {@code rp-client}. */
  static ChildNode start(String program, String... arguments) throws IOException {
    List<String> command = command(program);
    command.add("start");
    command.add("--end-with-parent");
    command.addAll(List.of(arguments));
    return new ChildNode(program, new ProcessBuilder(command).start());
  }

  /** By the start script where there is one, for it knows how to start fast. */
  private static List<String> command(String program) {
    var command = new ArrayList<String>();
    String bin = System.getProperty("restpipe.bin", "");
    if (bin.isEmpty()) {
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-cp");
      command.add(System.getProperty("java.class.path"));
      command.add((program.equals("rp-server") ? RpServer.class : RpClient.class).getName());
    } else {
      command.add(Path.of(bin, program).toString());
    }
    return command;
  }

  /** What is done with a line of output. */
  @FunctionalInterface
  private interface LineReader {
    void line(String line);
  }

  private void read(String name, InputStream stream, LineReader reader) {
    var thread =
        new Thread(
            () -> {
              try (var lines =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  reader.line(line);
                }
              } catch (IOException ended) {
                // The process is gone; what it said has been read.
              }
            },
            program + "-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void keep(String line) {
    synchronized (log) {
      if (log.size() == LOG_LINES) {
        log.removeFirst();
      }
      log.addLast(line);
    }
  }

  /** The next line that begins so, without the beginning. */
  String await(String beginning, Duration patience) throws CommandException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < end) {
      String line = said.poll(100, TimeUnit.MILLISECONDS);
      if (line != null && line.startsWith(beginning)) {
        return line.substring(beginning.length());
      }
      if (line != null) {
        keep(line);
      } else if (!process.isAlive()) {
        throw failed("ended with exit status " + process.exitValue());
      }
    }
    throw failed("did not say \"" + beginning + "\" within " + patience.toSeconds() + " s");
  }

  /** What went wrong, with what the node said. */
  CommandException failed(String what) {
    return new CommandException(ExitCode.DEMO, program + " " + what + spoken());
  }

  private String spoken() {
    synchronized (log) {
      return log.isEmpty()
          ? "; it said nothing"
          : "; it said:" + System.lineSeparator() + String.join(System.lineSeparator(), log);
    }
  }

  Process process() {
    return process;
  }

  /** Drains it; kills it where that takes too long. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(DRAIN.toNanos(), TimeUnit.NANOSECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException hurried) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
