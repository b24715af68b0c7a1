package io.restpipe.examples.benchmarks;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a number of calls under way for a while: each one that completes starts the next, on the
 * event loop. Counts and times those that complete before the time is up.
 */
final class Load {

  private static final Duration DRAIN = Duration.ofSeconds(30);

  private final Caller caller;
  private final int payload;
  private final CountDownLatch idle;

  // On the event loop; read by others after idle.
  private final Histogram latencies = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
  private @Nullable Throwable failure;

  private volatile boolean running = true;

  /** What came of it. */
  record Outcome(double seconds, Histogram latencies) {}

  private Load(Caller caller, int payload, int inFlight) {
    this.caller = caller;
    this.payload = payload;
    this.idle = new CountDownLatch(inFlight);
  }

  static Outcome run(Caller caller, int payload, int inFlight, Duration duration)
      throws InterruptedException {
    caller.payload(new byte[payload]);
    var load = new Load(caller, payload, inFlight);
    long start = System.nanoTime();
    for (int i = 0; i < inFlight; i++) {
      load.new Slot().call();
    }
    TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    load.running = false;
    double seconds = (System.nanoTime() - start) / 1e9;
    if (!load.idle.await(DRAIN.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          load.idle.getCount() + " calls got no answer in " + DRAIN.toSeconds() + " s");
    }
    if (load.failure != null) {
      throw new IllegalStateException("a call failed", load.failure);
    }
    return new Outcome(seconds, load.latencies);
  }

  /** One of the calls under way, again and again. */
  private final class Slot implements Caller.Completion {

    private long start;

    void call() {
      start = System.nanoTime();
      caller.call(this);
    }

    @Override
    public void done(long bytes) {
      if (bytes != payload) {
        failed(new IllegalStateException("answer has " + bytes + " of " + payload + " bytes"));
      } else if (running) {
        latencies.recordValue(System.nanoTime() - start);
        call();
      } else {
        idle.countDown();
      }
    }

    @Override
    public void failed(Throwable cause) {
      failure = cause;
      running = false;
      idle.countDown();
    }
  }
}
