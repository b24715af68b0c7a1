package io.restpipe.security;

import io.restpipe.security.SecurityEvent.Field;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events to another log on a thread of its own, in order, so that whoever tells of them goes
 * on at once whatever that log does. Up to 8,192 events wait; what comes beyond is lost, counted,
 * and told as {@link SecurityEventKind#EVENTS_LOST} as soon as the other log takes events again.
 * Any thread.
 */
public final class QueuedSecurityLog implements SecurityLog, AutoCloseable {

  /** How many events wait at most. */
  public static final int CAPACITY = 8_192;

  private static final Logger LOG = LoggerFactory.getLogger(QueuedSecurityLog.class);

  private final SecurityLog log;
  private final Duration closeTimeout;

  /** An empty one marks the end. */
  private final BlockingQueue<Optional<SecurityEvent>> waiting = new ArrayBlockingQueue<>(CAPACITY);

  private final AtomicLong lost = new AtomicLong();
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Starts.
   *
   * @param log where the events go; it may wait
   * @param closeTimeout how long {@link #close} waits for it
   */
  public QueuedSecurityLog(SecurityLog log, Duration closeTimeout) {
    this.log = log;
    this.closeTimeout = closeTimeout;
    this.thread = new Thread(this::run, "restpipe-security");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void log(SecurityEvent event) {
    if (closed || !waiting.offer(Optional.of(event))) {
      lost.incrementAndGet();
    }
  }

  private void run() {
    try {
      for (var next = waiting.take(); next.isPresent(); next = waiting.take()) {
        pass(next.get());
        if (waiting.isEmpty()) {
          reportLost();
        }
      }
      reportLost();
    } catch (InterruptedException given) {
      Thread.currentThread().interrupt();
    }
  }

  private void reportLost() {
    long number = lost.getAndSet(0);
    if (number > 0) {
      pass(
          SecurityEvent.builder(SecurityEventKind.EVENTS_LOST)
              .reason("the log was slower than the events")
              .with(Field.MESSAGE, number + " events")
              .with(Field.LIMIT, CAPACITY + " events wait")
              .build());
    }
  }

  private void pass(SecurityEvent event) {
    try {
      log.log(event);
    } catch (RuntimeException failure) {
      LOG.error("the security log failed; {} is lost", event.kind(), failure);
    }
  }

  /**
   * Takes no more events, and waits until the other log has those that are here, but not longer
   * than was said when this was made. Does not close the other log.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    long deadline = System.nanoTime() + closeTimeout.toNanos();
    try {
      if (waiting.offer(Optional.empty(), closeTimeout.toNanos(), TimeUnit.NANOSECONDS)) {
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      thread.interrupt();
      LOG.warn(
          "{} security events are lost: the log did not take them within {} ms",
          waiting.stream().filter(Optional::isPresent).count() + 1 + lost.get(),
          closeTimeout.toMillis());
    }
  }
}
