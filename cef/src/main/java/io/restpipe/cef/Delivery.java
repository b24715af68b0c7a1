package io.restpipe.cef;

import io.restpipe.cef.CollectorConnection.End;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes messages from a backlog to a collector, batch by batch: one connection each, ended by us,
 * so that the collector confirms it by ending it too. Messages stay here until then, and are sent
 * again where it does not. On the sender's thread.
 */
final class Delivery {

  /** Waits until there may be more to send. */
  interface Pause {
    /** Says false at once if nothing more will come. */
    boolean await(Duration time) throws InterruptedException;
  }

  private static final class Sent {
    final byte[] frame;
    final long position;
    final long at = System.nanoTime();

    Sent(byte[] frame, long position) {
      this.frame = frame;
      this.position = position;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  private static final int MAX_BATCH = 1 << 20;
  private static final Duration SHORTEST_BATCH = Duration.ofMillis(50);
  private static final Duration LONGEST_BATCH = Duration.ofSeconds(1);
  private static final Duration FINISH_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration SHORT_FINISH_TIMEOUT = Duration.ofMillis(100);
  // A batch lasts this many times what it costs to begin and end it.
  private static final int COST_FACTOR = 10;

  private final Collector collector;
  private final Backlog backlog;
  private final Pause pause;

  private final Deque<Sent> unconfirmed = new ArrayDeque<>();
  private Duration batch = SHORTEST_BATCH;
  private boolean confirms = true;

  Delivery(Collector collector, Backlog backlog, Pause pause) {
    this.collector = collector;
    this.backlog = backlog;
    this.pause = pause;
  }

  /**
   * Delivers one batch, or as much as the collector takes.
   *
   * @throws IOException if not all that was sent is confirmed
   */
  void deliver() throws IOException, InterruptedException {
    long start = System.nanoTime();
    try (CollectorConnection connection = collector.connect()) {
      long connected = System.nanoTime();
      send(connection);
      long finishing = System.nanoTime();
      End end = end(connection);
      if (end == End.BROKEN) {
        throw new IOException("connection was reset: " + unconfirmed.size() + " go again");
      }
      confirmUntil(System.nanoTime());
      adapt(connected - start + System.nanoTime() - finishing);
    }
  }

  private void send(CollectorConnection connection) throws IOException, InterruptedException {
    try {
      sendNew(connection, System.nanoTime(), sendAgain(connection));
    } catch (IOException e) {
      if (connection.awaitEnd(connection.grace()) == End.ORDERLY) {
        confirmUntil(connection.endedAt() - connection.grace().toNanos());
      }
      throw e;
    }
  }

  private void adapt(long costNanos) {
    Duration wanted = Duration.ofNanos(COST_FACTOR * costNanos);
    batch = wanted.compareTo(LONGEST_BATCH) > 0 ? LONGEST_BATCH : wanted;
    batch = batch.compareTo(SHORTEST_BATCH) < 0 ? SHORTEST_BATCH : batch;
  }

  private int sendAgain(CollectorConnection connection) throws IOException {
    Deque<Sent> again = new ArrayDeque<>(unconfirmed);
    unconfirmed.clear();
    int bytes = 0;
    try {
      while (!again.isEmpty()) {
        Sent sent = again.poll();
        unconfirmed.add(new Sent(sent.frame, sent.position));
        connection.write(sent.frame);
        bytes += sent.frame.length;
      }
      connection.flush();
      return bytes;
    } finally {
      unconfirmed.addAll(again);
    }
  }

  private void sendNew(CollectorConnection connection, long start, int already)
      throws IOException, InterruptedException {
    int bytes = already;
    while (!connection.isEnded() && bytes < MAX_BATCH && !isOver(start)) {
      byte[] frame = backlog.next();
      if (frame != null) {
        unconfirmed.add(new Sent(frame, backlog.position()));
        connection.write(frame);
        bytes += frame.length;
      } else {
        connection.flush();
        if (!pause.await(SHORTEST_BATCH)) {
          return;
        }
      }
    }
    connection.flush();
  }

  private boolean isOver(long start) {
    return System.nanoTime() - start >= batch.toNanos();
  }

  private End end(CollectorConnection connection) throws IOException, InterruptedException {
    // Whatever is under way arrives first: so an end that crosses ours tells as much as its answer.
    End early = connection.awaitEnd(connection.grace());
    if (early != null) {
      return early == End.ORDERLY ? endedByItself(connection) : early;
    }
    End end = connection.finish(confirms ? FINISH_TIMEOUT : SHORT_FINISH_TIMEOUT);
    if (end == null) {
      return endless();
    }
    confirms = true;
    return end;
  }

  /** What had arrived was read; what was still on its way was not, and shows as a reset. */
  private End endedByItself(CollectorConnection connection)
      throws IOException, InterruptedException {
    TimeUnit.NANOSECONDS.sleep(connection.grace().toNanos());
    if (!connection.isResetAfterEnd()) {
      return End.ORDERLY;
    }
    confirmUntil(connection.endedAt() - connection.grace().toNanos());
    return End.BROKEN;
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

  /** What was written before that time has been read. */
  private void confirmUntil(long time) throws IOException {
    Sent last = null;
    while (!unconfirmed.isEmpty() && unconfirmed.peek().at - time < 0) {
      last = unconfirmed.poll();
    }
    if (last != null) {
      backlog.confirm(last.position);
    }
  }
}
