package io.restpipe.cef;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a collector. A collector says nothing, but how it ends the connection tells
 * what it has read: a program that closes a socket with nothing unread in it ends it in order, one
 * that leaves something unread resets it.
 *
 * <p>Over TLS the batch and our goodbye leave together. Were they apart, a collector that stops
 * between the two would be reset by the goodbye that comes too late, although it had read the
 * batch; and one that throws a record away when it stops, as rsyslog with OpenSSL does, would end
 * in order although it had not.
 *
 * <p>A thread of its own waits for that end, and breaks a write that takes longer than ten seconds.
 * All else is called by the thread that made the connection.
 */
final class CollectorConnection implements Closeable {

  /** How a connection ended. */
  enum End {
    /** In order: everything that had arrived was read. */
    ORDERLY,
    /** Reset, or TLS was violated: nobody knows what was read. */
    BROKEN
  }

  private static final Logger LOG = LoggerFactory.getLogger(CollectorConnection.class);

  private static final int WATCH_MILLIS = 500;
  private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LEAST_GRACE = Duration.ofMillis(3);
  private static final Duration EXPLANATION_TIMEOUT = Duration.ofMillis(100);
  private static final Duration GOODBYE_TIMEOUT = Duration.ofSeconds(1);

  private final Collector collector;
  private final GatheringSocket plain;
  private final Socket socket;
  private final Duration roundTrip;
  private final CompletableFuture<End> end = new CompletableFuture<>();

  // On the sender's thread.
  private final ByteArrayOutputStream batch = new ByteArrayOutputStream();

  // Written by one thread, read by the other.
  private volatile long writingSince;
  private volatile @Nullable IOException failure;

  CollectorConnection(Collector collector, GatheringSocket plain, Socket socket, Duration roundTrip)
      throws IOException {
    this.collector = collector;
    this.plain = plain;
    this.socket = socket;
    this.roundTrip = roundTrip;
    socket.setSoTimeout(WATCH_MILLIS);
    var watcher = new Thread(this::watch, "restpipe-cef-watch");
    watcher.setDaemon(true);
    watcher.start();
  }

  private void watch() {
    End how = End.BROKEN;
    try {
      readToEnd(socket);
      if (socket != plain) {
        // TLS says goodbye even if data is left unread; only the connection below tells.
        plain.setSoTimeout(WATCH_MILLIS);
        readToEnd(plain);
      }
      how = End.ORDERLY;
    } catch (IOException e) {
      LOG.debug("connection to {} broke", collector, e);
      failure = e;
    }
    end.complete(how);
  }

  /** What a collector may say means nothing here. */
  private void readToEnd(Socket from) throws IOException {
    byte[] ignored = new byte[256];
    while (read(from, ignored) >= 0) {
      breakStuckWrite();
    }
  }

  private static int read(Socket from, byte[] into) throws IOException {
    try {
      return from.getInputStream().read(into);
    } catch (SocketTimeoutException e) {
      return 0;
    }
  }

  private void breakStuckWrite() throws IOException {
    long since = writingSince;
    if (since != 0 && System.nanoTime() - since > WRITE_TIMEOUT.toNanos()) {
      plain.close();
      throw new IOException("a write made no progress for " + WRITE_TIMEOUT);
    }
  }

  /** Adds to what {@link #send} sends. */
  void add(byte[] frame) {
    batch.write(frame, 0, frame.length);
  }

  /**
   * Sends all that was added, in one go; over TLS with our goodbye. Once only.
   *
   * @throws IOException if the other side has ended the connection: then nothing was sent
   */
  void send() throws IOException {
    if (isEnded()) {
      throw new IOException("the collector ended the connection before anything was sent");
    }
    writingSince = System.nanoTime();
    try {
      write();
    } catch (IOException e) {
      throw explained(e);
    }
    writingSince = 0;
  }

  private void write() throws IOException {
    if (socket == plain) {
      batch.writeTo(plain.getOutputStream());
    } else {
      plain.gather();
      batch.writeTo(socket.getOutputStream());
      socket.shutdownOutput();
      plain.release();
    }
  }

  /** What TLS says of why it ends, such as that a certificate is wanted, says more than a reset. */
  IOException explained(IOException reset) {
    try {
      End unused = awaitEnd(EXPLANATION_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.debug("nobody knows why the connection to {} broke", collector, e);
    }
    return failure instanceof SSLException said ? said : reset;
  }

  /** Whether the other side has ended the connection. */
  boolean isEnded() {
    return end.isDone();
  }

  /** How long to wait for an end before {@link #finish}. */
  Duration patience() {
    return socket == plain ? grace() : GOODBYE_TIMEOUT;
  }

  /** Says to TCP that nothing more comes: some collectors don't end TLS before. */
  void finish() throws IOException {
    plain.shutdownOutput();
  }

  /** Long enough for what was sent to arrive. */
  Duration grace() {
    Duration twice = roundTrip.multipliedBy(2);
    return twice.compareTo(LEAST_GRACE) > 0 ? twice : LEAST_GRACE;
  }

  /** Waits for the other side to end the connection; null if it does not in that time. */
  @Nullable End awaitEnd(Duration timeout) throws IOException, InterruptedException {
    try {
      return end.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      throw new IOException(e);
    }
  }

  /**
   * After an orderly end without {@link #finish}: whether what was sent arrived too late for it.
   */
  boolean isResetAfterEnd() throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(grace().toNanos());
    return plain.isReset();
  }

  @Override
  public void close() throws IOException {
    plain.close();
  }
}
