package io.restpipe.pipe;

import io.restpipe.event.PeerInfo;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Told when the connection to the server is made, and each time it could not be made. Calls come
 * one after the other on a thread of their own, so a listener may block, but it delays those after
 * it. An exception is logged and goes no further.
 */
public interface ClientListener {

  /**
   * The server is reached.
   *
   * @param retryAttempts how many attempts had failed before
   * @param lastDisconnected since when there was no connection; null for the first
   */
  default void connectSuccess(
      PeerInfo server, int retryAttempts, @Nullable Instant lastDisconnected) {}

  /**
   * The server was not reached; the client goes on trying.
   *
   * @param cause why, as a sentence
   * @param retryAttempts how many attempts have failed, this one included
   * @param lastDisconnected since when there is no connection; null if there never was one
   */
  default void connectFail(String cause, int retryAttempts, @Nullable Instant lastDisconnected) {}
}
