package io.restpipe.cef;

import java.io.Closeable;
import java.io.IOException;

/** Takes syslog messages to a collector. */
interface Transport extends Closeable {

  /**
   * Takes a message, whole or not at all.
   *
   * @throws IOException if it was not taken
   */
  void send(byte[] message) throws IOException;

  /** How long a message may be. */
  default int maxBytes() {
    return Integer.MAX_VALUE;
  }
}
