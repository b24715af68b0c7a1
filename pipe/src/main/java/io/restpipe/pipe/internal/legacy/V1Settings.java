package io.restpipe.pipe.internal.legacy;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * The bounds of one connection of version 1.
 *
 * @param maxBody the most bytes of data in an event or a reply; a frame may be a little larger
 * @param maxRunning how many events of the peer may run at once
 * @param maxWaiting how many calls may wait until the peer takes the next one
 * @param eventTimeout how long an event of the peer may run: it says no deadline of its own
 * @param heartbeatInterval at the dialing end, the time from a heartbeat's reply to the next one
 * @param heartbeatTimeout silence after which the peer is dead
 * @param writeTimeout how long bytes may wait without any being taken by the network
 * @param checks looks through large bodies, off the event loop
 */
public record V1Settings(
    int maxBody,
    int maxRunning,
    int maxWaiting,
    Duration eventTimeout,
    Duration heartbeatInterval,
    Duration heartbeatTimeout,
    Duration writeTimeout,
    Executor checks) {

  /** What a verb, a noun with its parameters, and a media type may have beside the data. */
  static final int HEAD_BYTES = 64 * 1024;

  private static final int BODIES_AT_ONCE = 4;

  /** The longest frame that is taken or made. */
  int maxFrame() {
    return maxBody + HEAD_BYTES;
  }

  /** The most bytes of data that are held for events that run, or for calls that wait. */
  long maxHeld() {
    return (long) BODIES_AT_ONCE * maxBody;
  }

  /** The most bytes that may wait in the channel. */
  long maxUnsent() {
    return 2L * BODIES_AT_ONCE * maxFrame();
  }
}
