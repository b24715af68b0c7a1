package io.restpipe.cef;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps messages in a backlog until a collector has read them. A thread of its own connects, sends,
 * and connects again for ever: the first time within half a second, then slower, every five seconds
 * at last. {@code docs/cef.md} says what arrives how often.
 */
final class CollectorTransport implements Transport {

  private static final Logger LOG = LoggerFactory.getLogger(CollectorTransport.class);

  private static final Duration FIRST_RETRY = Duration.ofMillis(250);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);
  private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(3_500);
  private static final Duration END_TIMEOUT = Duration.ofMillis(500);

  private final Collector collector;
  private final SyslogFraming framing;
  private final Backlog backlog;
  private final Delivery delivery;
  private final Thread sender;
  private final Warning warning = new Warning();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Under the lock: what is left is sent without a rest, or stays.
  private boolean closing;
  private boolean ending;

  CollectorTransport(Collector collector, SyslogFraming framing, Backlog backlog) {
    this.collector = collector;
    this.framing = framing;
    this.backlog = backlog;
    this.delivery = new Delivery(collector, backlog, this::gather);
    this.sender = new Thread(this::run, "restpipe-cef-sender");
    sender.setDaemon(true);
    sender.start();
  }

  @Override
  public void send(byte[] message) throws IOException {
    backlog.append(framing.frame(message));
    signal(() -> {});
  }

  private void run() {
    Duration retry = FIRST_RETRY;
    try {
      while (awaitWork()) {
        if (deliver()) {
          retry = FIRST_RETRY;
        } else {
          long jittered = ThreadLocalRandom.current().nextLong(retry.toNanos()) + 1;
          pause(Duration.ofNanos(jittered), () -> ending);
          retry =
              retry.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? retry.multipliedBy(2) : LAST_RETRY;
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("sender to {} stops", collector);
    }
  }

  /** Waits for something to send; false when there will be nothing more. */
  private boolean awaitWork() throws InterruptedException {
    lock.lock();
    try {
      while (backlog.isEmpty() && !closing) {
        changed.await();
      }
      return !backlog.isEmpty() && !ending;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for more to send together; not when there is a hurry. */
  private void gather(Duration time, long bytes) throws InterruptedException {
    pause(time, () -> closing || backlog.waiting() >= bytes);
  }

  private void pause(Duration time, BooleanSupplier enough) throws InterruptedException {
    lock.lock();
    try {
      long left = time.toNanos();
      while (left > 0 && !enough.getAsBoolean()) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean deliver() throws InterruptedException {
    try {
      delivery.deliver();
      return true;
    } catch (IOException | RuntimeException e) {
      // A thread that ends would end all logging: whatever it is, it is tried again.
      warn(e);
      return false;
    }
  }

  private void warn(Exception e) {
    LOG.debug("delivery to {} failed", collector, e);
    if (warning.isDue()) {
      LOG.warn(
          "the collector at {} takes no events, they are kept and it is tried again: {}",
          collector,
          e.toString());
    }
  }

  /** Sends what is left, for five seconds at most; the rest stays in the spool. */
  @Override
  public void close() throws IOException {
    try {
      signal(() -> closing = true);
      sender.join(CLOSE_TIMEOUT.toMillis());
      // A batch that is under way may be confirmed yet, and then is not sent again after a restart.
      signal(() -> ending = true);
      sender.join(END_TIMEOUT.toMillis());
      sender.interrupt();
      sender.join(END_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      sender.interrupt();
      Thread.currentThread().interrupt();
    }
    backlog.close();
  }

  private void signal(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
