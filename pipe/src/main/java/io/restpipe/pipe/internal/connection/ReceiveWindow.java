package io.restpipe.pipe.internal.connection;

import io.restpipe.pipe.internal.wire.ProtocolException;

/**
 * How much the peer may send, on a stream or on the connection. Bytes that have been read are
 * granted again when they are half of the window, or when nothing has been granted for a while. A
 * window that is used up faster than a few round trips was too small, and doubles. On the loop.
 */
final class ReceiveWindow {

  /**
   * Half a window in less than this many round trips: the window, not the network, is the limit.
   */
  private static final int ROUND_TRIPS = 2;

  private final int most;

  private int window;
  private long available;
  private int read;
  private long lastGrant;

  /**
   * @param most the window does not grow beyond this
   */
  ReceiveWindow(int window, int most, long now) {
    this.window = window;
    this.available = window;
    this.most = Math.max(window, most);
    this.lastGrant = now;
  }

  /** The peer has sent bytes. */
  void take(int bytes, String of) throws ProtocolException {
    if (bytes > available) {
      throw ProtocolException.limit(
          "DATA exceeds the credit of "
              + of
              + ": "
              + bytes
              + " bytes, "
              + available
              + " are granted");
    }
    available -= bytes;
  }

  /**
   * The reader is done with bytes.
   *
   * @param roundTrip in nanoseconds, or 0 where it is not known
   * @param patience nanoseconds after which a smaller grant is due, too: the sender sees progress
   * @param smallest what is worth a frame then
   * @return bytes to grant now, or 0
   */
  int read(int bytes, long now, long roundTrip, long patience, int smallest) {
    read += bytes;
    long waited = now - lastGrant;
    if (read < window / 2 && (waited < patience || read < smallest)) {
      return 0;
    }
    int grant = read;
    if (waited < ROUND_TRIPS * roundTrip && window < most) {
      int grown = (int) Math.min(most, 2L * window);
      grant += grown - window;
      window = grown;
    }
    read = 0;
    lastGrant = now;
    available += grant;
    return grant;
  }

  int size() {
    return window;
  }
}
