package io.restpipe.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;

/**
 * Until somebody ends the process: SIGTERM or SIGINT (Ctrl-C). Then what was started is ended in
 * good order, and the exit status is 0: being told to stop is no failure.
 */
final class ProcessLifetime implements Lifetime {

  private static final long FLUSH_MILLIS = 1000;

  private final CountDownLatch never = new CountDownLatch(1);

  @Override
  public void await(Runnable end) throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> endThenHalt(end), "restpipe-shutdown"));
    never.await();
  }

  private static void endThenHalt(Runnable end) {
    int status = ExitCode.SOFTWARE;
    try {
      end.run();
      status = ExitCode.OK;
    } finally {
      flush();
      // Without this the JVM would end with 128 + the signal.
      Runtime.getRuntime().halt(status);
    }
  }

  /** A stream that nobody reads, and that somebody is stuck in, can't be flushed, now or ever. */
  private static void flush() {
    var flushing =
        new Thread(
            () -> {
              System.err.flush();
              System.out.flush();
            },
            "restpipe-flush");
    flushing.setDaemon(true);
    flushing.start();
    try {
      flushing.join(FLUSH_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the process when its parent is gone, however that died: its end of our input closes. */
  static void endWithParent(InputStream in) {
    var watch = new Thread(() -> exitAtEnd(in), "restpipe-parent");
    watch.setDaemon(true);
    watch.start();
  }

  private static void exitAtEnd(InputStream in) {
    try {
      while (in.read() >= 0) {
        // Whatever is typed at the parent means nothing here.
      }
    } catch (IOException gone) {
      // As good as the end.
    }
    System.exit(ExitCode.OK);
  }
}
