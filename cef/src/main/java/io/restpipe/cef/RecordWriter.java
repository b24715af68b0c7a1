package io.restpipe.cef;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that takes records from a queue to a sink. */
final class RecordWriter {

  private static final Logger LOG = LoggerFactory.getLogger(RecordWriter.class);

  private static final Duration SINK_CLOSES = Duration.ofSeconds(5);
  private static final Duration TICK = Duration.ofMillis(500);
  private static final Duration FIRST_RETRY = Duration.ofMillis(10);
  private static final Duration LAST_RETRY = Duration.ofSeconds(1);

  private final RecordQueue queue;
  private final CefSink sink;
  private final Losses losses;
  private final Duration closeTimeout;
  private final Thread thread;
  private final Warning warning = new Warning();
  private final CountDownLatch closing = new CountDownLatch(1);

  // Written on the writer's thread, read when it has ended or was given up.
  private volatile @Nullable CefRecord current;

  private volatile boolean givenUp;

  // On the writer's thread.
  private Duration retry = FIRST_RETRY;
  private long flushed = System.nanoTime();

  RecordWriter(RecordQueue queue, CefSink sink, Losses losses, Duration closeTimeout) {
    this.queue = queue;
    this.sink = sink;
    this.losses = losses;
    this.closeTimeout = closeTimeout;
    this.thread = new Thread(this::run, "restpipe-cef-writer");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      while (!isClosing() || !queue.isEmpty()) {
        CefRecord record = queue.next(isClosing() ? Duration.ZERO : TICK);
        if (record != null) {
          current = record;
          write(record);
          current = null;
          queue.written();
        }
        report();
        flush();
      }
    } catch (InterruptedException e) {
      LOG.debug("gave up on the sink");
    } catch (IOException e) {
      LOG.warn("the spool of security events can't be used any more", e);
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  /** Tries until the sink takes it. */
  private void write(CefRecord record) throws InterruptedException {
    while (!tryWrite(record)) {
      if (closing.await(jittered(), TimeUnit.NANOSECONDS)) {
        // Closing does not wait for the next try, but for the sink it does.
        TimeUnit.NANOSECONDS.sleep(FIRST_RETRY.toNanos());
      }
    }
    retry = FIRST_RETRY;
  }

  private long jittered() {
    long now = retry.toNanos();
    Duration doubled = retry.multipliedBy(2);
    retry = doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
    return now;
  }

  private boolean tryWrite(CefRecord record) throws InterruptedException {
    if (givenUp) {
      throw new InterruptedException();
    }
    try {
      sink.write(record);
      return true;
    } catch (IOException | RuntimeException e) {
      if (warning.isDue()) {
        LOG.warn(
            "security events can't be written, they wait and it is tried again: {}", e.toString());
      }
      return false;
    }
  }

  /** Tells of losses after a record went through: before, the report would not either. */
  private void report() throws InterruptedException {
    Losses.Report report = losses.take();
    if (report != null && !tryWrite(report.record())) {
      losses.putBack(report);
    }
  }

  private void flush() {
    long now = System.nanoTime();
    if (now - flushed < TICK.toNanos()) {
      return;
    }
    flushed = now;
    try {
      sink.flush();
    } catch (IOException | RuntimeException e) {
      LOG.debug("sink could not be flushed", e);
    }
  }

  /** Closes the queue. Waits, then gives up and closes the sink. */
  void close() {
    closing.countDown();
    queue.close();
    boolean calm = awaitEnd(thread, closeTimeout);
    givenUp = true;
    thread.interrupt();
    closeSink();
    if (!calm || !awaitEnd(thread, TICK)) {
      return;
    }
    try {
      queue.abandon(current);
    } catch (IOException e) {
      LOG.warn("security events that waited are lost: {}", e.toString());
    }
  }

  /** False if this thread was interrupted, and still is. */
  private static boolean awaitEnd(Thread thread, Duration time) {
    try {
      thread.join(Math.max(1, time.toMillis()));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** A sink that hangs in a write may hang here, too: a stream that nobody reads, a dead mount. */
  private void closeSink() {
    var closer = new Thread(this::closeSinkNow, "restpipe-cef-close");
    closer.setDaemon(true);
    closer.start();
    if (awaitEnd(closer, SINK_CLOSES) && closer.isAlive()) {
      LOG.warn("the sink of security events hangs, and is left as it is");
    }
  }

  private void closeSinkNow() {
    try {
      sink.close();
    } catch (IOException | RuntimeException e) {
      LOG.warn("the sink of security events could not be closed: {}", e.toString());
    }
  }
}
