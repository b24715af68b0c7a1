package io.restpipe.cef;

import io.restpipe.cef.CollectorConnection.End;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes messages from a backlog to a collector, batch by batch: one connection each, ended by us,
 * so that the collector confirms it by ending it too. Messages stay here until then, and are sent
 * again where it does not. A batch is sent in one go and is small, so that a collector that dies
 * has read all of it or nothing, and rarely a part. On the sender's thread.
 */
final class Delivery {

  /** Waits for that long, or until so many bytes wait, or until there is a hurry. */
  interface Pause {
    void await(Duration time, long bytes) throws InterruptedException;
  }

  private static final class Sent {
    final byte[] frame;
    final long position;

    Sent(byte[] frame, long position) {
      this.frame = frame;
      this.position = position;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  /** One TLS record with room to spare: a collector has read all of it or nothing. */
  private static final int LEAST_BATCH = 15 << 10;

  /** To a collector so far away that small batches would not keep up. */
  private static final int MAX_BATCH = 240 << 10;

  private static final Duration FAR = Duration.ofMillis(50);

  private static final Duration FINISH_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration SHORT_FINISH_TIMEOUT = Duration.ofMillis(100);
  // Between two batches messages gather for this many times what a batch costs.
  private static final int COST_FACTOR = 20;
  private static final Duration LONGEST_REST = Duration.ofMillis(500);

  private final Collector collector;
  private final Backlog backlog;
  private final Pause pause;

  private final Deque<Sent> unconfirmed = new ArrayDeque<>();
  private Duration rest = Duration.ZERO;
  private long rested = System.nanoTime();
  private int batch = LEAST_BATCH;
  private boolean confirms = true;

  Delivery(Collector collector, Backlog backlog, Pause pause) {
    this.collector = collector;
    this.backlog = backlog;
    this.pause = pause;
  }

  /**
   * Delivers one batch, or as much of it as the collector takes.
   *
   * @throws IOException if not all that was sent is confirmed
   */
  void deliver() throws IOException, InterruptedException {
    rest();
    long start = System.nanoTime();
    try (CollectorConnection connection = collector.connect()) {
      send(connection);
      if (end(connection) == End.BROKEN) {
        throw connection.explained(
            new IOException("connection was reset: " + unconfirmed.size() + " go again"));
      }
      confirm();
      boolean far = System.nanoTime() - start > FAR.toNanos();
      boolean behind = backlog.waiting() > batch;
      batch = far && behind ? Math.min(2 * batch, MAX_BATCH) : LEAST_BATCH;
    } finally {
      rested = System.nanoTime();
      Duration wanted = Duration.ofNanos(COST_FACTOR * (rested - start));
      rest = wanted.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : wanted;
    }
  }

  /**
   * A message that comes alone is sent at once; of many that come, a batch goes together. The fewer
   * batches, the less likely is it that a collector that is stopped stops in the midst of one.
   */
  private void rest() throws InterruptedException {
    long left = rest.toNanos() - (System.nanoTime() - rested);
    if (left > 0 && unconfirmed.isEmpty()) {
      pause.await(Duration.ofNanos(left), batch);
    }
  }

  private void send(CollectorConnection connection) throws IOException {
    int bytes = 0;
    for (Sent sent : unconfirmed) {
      connection.add(sent.frame);
      bytes += sent.frame.length;
    }
    while (bytes < batch) {
      byte[] frame = backlog.next();
      if (frame == null) {
        break;
      }
      unconfirmed.add(new Sent(frame, backlog.position()));
      connection.add(frame);
      bytes += frame.length;
    }
    connection.send();
  }

  private End end(CollectorConnection connection) throws IOException, InterruptedException {
    // What was sent arrives before we finish: so an end that crosses ours tells as much as an
    // answer.
    End early = connection.awaitEnd(connection.patience());
    if (early != null) {
      // What had arrived was read; what was still on its way was not, and shows as a reset.
      boolean late = early == End.ORDERLY && connection.isResetAfterEnd();
      return late ? End.BROKEN : early;
    }
    connection.finish();
    End end = connection.awaitEnd(confirms ? FINISH_TIMEOUT : SHORT_FINISH_TIMEOUT);
    if (end == null) {
      return endless();
    }
    confirms = true;
    return end;
  }

  private End endless() {
    if (confirms) {
      confirms = false;
      LOG.warn(
          "the collector at {} does not end connections: that events were read can't be known"
              + " and is taken for granted once they are sent",
          collector);
    }
    return End.ORDERLY;
  }

  /** All that was sent has been read. */
  private void confirm() throws IOException {
    Sent last = unconfirmed.peekLast();
    if (last != null) {
      unconfirmed.clear();
      backlog.confirm(last.position);
    }
  }
}
