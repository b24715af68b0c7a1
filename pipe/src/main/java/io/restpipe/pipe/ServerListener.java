package io.restpipe.pipe;

import io.restpipe.event.PeerInfo;
import java.time.Duration;
import java.time.Instant;

/**
 * Told when clients come and go. Calls come one after the other on a thread of their own, so a
 * listener may block, but it delays those after it. An exception is logged and goes no further.
 */
public interface ServerListener {

  /** A client is connected. */
  default void connectionAdded(PeerInfo peer, int connections) {}

  /** A client's connection is gone. */
  default void connectionRemoved(PeerInfo peer, int connections) {}

  /** Once a minute while no client is connected. */
  default void idle(Instant since, Duration idle) {}
}
