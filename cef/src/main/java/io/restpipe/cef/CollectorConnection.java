package io.restpipe.cef;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a collector. A collector says nothing, but how it ends the connection tells
 * what it has read: a program that closes a socket with nothing unread in it ends it in order, one
 * that leaves something unread resets it. So after {@link #finish} an orderly end confirms all that
 * was sent.
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

  private static final int NONE = Integer.MIN_VALUE;
  private static final int BUFFER = 64 << 10;
  private static final int WATCH_MILLIS = 500;
  private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LEAST_GRACE = Duration.ofMillis(3);

  private final Collector collector;
  private final Socket plain;
  private final Socket socket;
  private final OutputStream out;
  private final Duration roundTrip;
  private final CompletableFuture<End> end = new CompletableFuture<>();

  // On the sender's thread: the byte that was written last, which is not sent before another is.
  private int last = NONE;

  // Written by one thread, read by the other.
  private volatile long writingSince;

  CollectorConnection(Collector collector, Socket plain, Socket socket, Duration roundTrip)
      throws IOException {
    this.collector = collector;
    this.plain = plain;
    this.socket = socket;
    this.roundTrip = roundTrip;
    this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
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

  void write(byte[] frame) throws IOException {
    writingSince = System.nanoTime();
    writeLast();
    out.write(frame, 0, frame.length - 1);
    last = frame[frame.length - 1];
    writingSince = 0;
  }

  private void writeLast() throws IOException {
    if (last != NONE) {
      out.write(last);
      last = NONE;
    }
  }

  /**
   * Sends all that was written. Over TLS the last byte goes in a record of its own: rsyslog with
   * OpenSSL reads one record at its end and throws it away, and then one more is left, which shows.
   */
  void flush() throws IOException {
    writingSince = System.nanoTime();
    if (socket != plain) {
      out.flush();
    }
    writeLast();
    out.flush();
    writingSince = 0;
  }

  /** Whether the other side has ended the connection. */
  boolean isEnded() {
    return end.isDone();
  }

  /**
   * Says that nothing more comes, and waits for the other side to end the connection.
   *
   * @return how it did, or null if it does not do so
   */
  @Nullable End finish(Duration timeout) throws IOException {
    socket.shutdownOutput();
    if (!plain.isOutputShutdown()) {
      plain.shutdownOutput();
    }
    return awaitEnd(timeout);
  }

  /** Long enough for what was sent to arrive. */
  Duration grace() {
    Duration twice = roundTrip.multipliedBy(2);
    return twice.compareTo(LEAST_GRACE) > 0 ? twice : LEAST_GRACE;
  }

  /** Waits for the other side to end the connection by itself; null if it does not. */
  @Nullable End awaitEnd(Duration timeout) throws IOException {
    try {
      return end.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      throw new IOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /**
   * After an orderly end that came by itself: whether what was sent last arrived too late. Then the
   * other side's machine has reset the connection, and it takes no byte more.
   */
  boolean isResetAfterEnd() {
    try {
      plain.getOutputStream().write('\n');
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    plain.close();
  }
}
