package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProcessLifetimeTest {

  /**
   * Prints without end, and waits to be told to stop; says on standard error that it is stopped.
   */
  public static void main(String[] args) throws InterruptedException {
    Thread main = Thread.currentThread();
    var printer = new Thread(() -> print(main), "printer");
    printer.setDaemon(true);
    printer.start();
    new ProcessLifetime().await(() -> System.err.print("stopped"));
  }

  /** Begins once the other thread waits for the end. */
  private static void print(Thread other) {
    while (other.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    while (true) {
      System.out.println("nobody reads this");
    }
  }

  @Test
  void ends_although_nobody_reads_what_it_prints() throws Exception {
    Process process = start();
    try {
      // A pipe holds 64 KiB: soon the printer is stuck in it.
      InputStream out = process.getInputStream();
      await().until(() -> out.available() >= 1 << 15);

      process.toHandle().destroy();

      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(ExitCode.OK);
      assertThat(new String(process.getErrorStream().readAllBytes())).contains("stopped");
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process start() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    return new ProcessBuilder(List.of(java, "-cp", classes, ProcessLifetimeTest.class.getName()))
        .start();
  }
}
