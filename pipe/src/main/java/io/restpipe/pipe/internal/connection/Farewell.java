package io.restpipe.pipe.internal.connection;

import io.restpipe.pipe.internal.wire.FrameWriter;
import io.restpipe.pipe.internal.wire.GoAway;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a connection ends in order: one end says GOAWAY, what runs is finished, and the last bytes
 * are let go before TCP is closed. On the loop.
 */
final class Farewell {

  private static final Logger LOG = LoggerFactory.getLogger(PipeConnection.class);

  /** Reading goes on for so long after the last write, or TCP would throw away what we wrote. */
  private static final long LINGER_MILLIS = 250;

  /** The end that was told closes first. */
  private static final long TOLD_LINGER_MILLIS = 50;

  private static final long MOST_LINGER_MILLIS = 1000;

  private final PipeConnection connection;
  private final Streams streams;

  private boolean said;
  private boolean finishing;
  private @Nullable GoAway received;

  Farewell(PipeConnection connection, Streams streams) {
    this.connection = connection;
    this.streams = streams;
  }

  static GoAway of(GoAway.Reason reason, String text) {
    return new GoAway(0, reason, text, 0, 0, List.of());
  }

  @Nullable GoAway received() {
    return received;
  }

  /** Takes no more events, and ends when what runs is finished. */
  void drain(GoAway goAway) {
    if (!connection.open()) {
      close(goAway);
      return;
    }
    if (said) {
      return;
    }
    LOG.debug("{}: draining: {}", connection, goAway.text());
    said = true;
    connection.stopAccepting();
    streams.refuseUnsent("this node is draining: " + goAway.text());
    streams.takeNoMore();
    connection.control().goAway(withLastStream(goAway));
    connection.wake();
    connection.countChanged();
  }

  /** The peer takes no more events. */
  void received(GoAway goAway) {
    if (connection.closing() || received != null) {
      return;
    }
    LOG.debug("{}: going away: {} {}", connection, goAway.reason(), goAway.text());
    received = goAway;
    connection.stopAccepting();
    connection.listener().goAway(connection, goAway);
    streams.refuseAfter(goAway, "the peer goes away: " + goAway.reason() + " " + goAway.text());
    boolean finishes =
        goAway.reason() == GoAway.Reason.DRAINING || goAway.reason() == GoAway.Reason.UNKNOWN;
    if (finishes && connection.open()) {
      connection.countChanged();
    } else {
      connection.closeNow(null);
    }
  }

  /** Nothing is under way any more. */
  void idle() {
    if (connection.open() && !finishing && (said || received != null)) {
      finishing = true;
      connection.loop().execute(this::finish);
    }
  }

  private void finish() {
    finishing = false;
    if (connection.open() && streams.inFlight() == 0) {
      connection.control().write(connection.out());
      linger(received == null ? LINGER_MILLIS : TOLD_LINGER_MILLIS);
    }
  }

  /** Tells the peer why, and ends now. */
  void close(GoAway goAway) {
    if (connection.closing()) {
      return;
    }
    if (!connection.secure()) {
      connection.closeNow(null);
      return;
    }
    LOG.debug("{}: closing: {} {}", connection, goAway.reason(), goAway.text());
    FrameWriter.goAway(connection.out().batch(256), withLastStream(goAway));
    linger(LINGER_MILLIS);
    connection.loseStreams("connection closed: " + goAway.reason() + " " + goAway.text());
  }

  private GoAway withLastStream(GoAway goAway) {
    return new GoAway(
        streams.highestTheirs(),
        goAway.reason(),
        goAway.text(),
        goAway.retryMinMillis(),
        goAway.retryMaxMillis(),
        goAway.targets());
  }

  /** Lets the last bytes go, and the peer read them: closing with bytes unread resets TCP. */
  private void linger(long millis) {
    connection.beginClosing();
    long roundTrips = TimeUnit.NANOSECONDS.toMillis(4 * connection.roundTripNanos());
    long linger = Math.min(MOST_LINGER_MILLIS, Math.max(millis, roundTrips));
    closeAfter(MOST_LINGER_MILLIS);
    connection.out().whenFlushed(() -> closeAfter(linger));
  }

  private void closeAfter(long millis) {
    if (!connection.closed()) {
      connection.loop().schedule(() -> connection.closeNow(null), millis, TimeUnit.MILLISECONDS);
    }
  }
}
