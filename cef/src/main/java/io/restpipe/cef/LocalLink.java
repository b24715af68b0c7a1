package io.restpipe.cef;

import java.io.Closeable;
import java.io.IOException;

/** What carries messages to the daemon of this machine. */
interface LocalLink extends Closeable {

  /**
   * Takes a message, and may block.
   *
   * @throws IOException if it was not taken, or not whole; the link is of no use any more
   */
  void send(byte[] message) throws IOException;

  /** Breaks a {@link #send} that another thread is in. */
  void abort();
}
