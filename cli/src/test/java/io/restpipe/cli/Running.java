package io.restpipe.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A command in a process of its own, as a user runs it. What it prints is logged here, too. */
final class Running implements AutoCloseable {

  private static final Logger OUTPUT = LoggerFactory.getLogger("process");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final Thread reader;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> seen = new ArrayList<>();

  private Running(Process process) {
    this.process = process;
    reader = new Thread(this::read, "output");
    reader.setDaemon(true);
    reader.start();
  }

  /** Runs a command's main class; both its streams are read as one. */
  static Running start(Class<?> main, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return new Running(builder.start());
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      reader
          .lines()
          .forEach(
              line -> {
                OUTPUT.info(line);
                lines.add(line);
              });
    } catch (IOException | UncheckedIOException closed) {
      // The process is gone.
    }
  }

  /** The next line that begins so, without the beginning. */
  String await(String beginning) throws InterruptedException, TimeoutException {
    return await(line -> line.startsWith(beginning), beginning).substring(beginning.length());
  }

  /** The next line that has this in it. */
  void awaitPart(String part) throws InterruptedException, TimeoutException {
    await(line -> line.contains(part), part);
  }

  private String await(Predicate<String> wanted, String what)
      throws InterruptedException, TimeoutException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      String line = lines.poll(100, TimeUnit.MILLISECONDS);
      if (line != null) {
        seen.add(line);
        if (wanted.test(line)) {
          return line;
        }
      } else if (!process.isAlive()) {
        break;
      }
    }
    throw new TimeoutException("no line with \"" + what + "\" in " + seen);
  }

  /** All lines that were not awaited, once the process has ended. */
  List<String> rest() throws InterruptedException {
    reader.join(PATIENCE.toMillis());
    return List.copyOf(lines);
  }

  Process process() {
    return process;
  }

  /** Waits for the end; the exit status. */
  int ended() throws InterruptedException, TimeoutException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new TimeoutException("still running after " + seen);
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
