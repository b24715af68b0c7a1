package io.restpipe.pipe.internal.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The first frame each way: who speaks, and within which bounds.
 *
 * @param instance which process or machine this is; 1 to 64 printable characters
 * @param epoch counts up with every connection of that instance: the higher one is the newer one
 * @param software name and version of the program, for people
 * @param features names of optional parts of the protocol that the speaker understands
 * @param groups groups that the speaker belongs to
 * @param labels free names and values, for people and policy
 * @param maxStreams how many streams the listener may have open towards the speaker at once
 * @param streamCredit how many bytes of body the listener may send on each new stream
 * @param connectionCredit how many bytes of body the listener may send on the connection
 * @param heartbeatMillis after how much silence the speaker sends a PING
 * @param servers other servers to try, as {@code host:port}; from servers only
 */
public record Hello(
    String instance,
    long epoch,
    String software,
    List<String> features,
    List<String> groups,
    Map<String, String> labels,
    int maxStreams,
    int streamCredit,
    int connectionCredit,
    int heartbeatMillis,
    List<String> servers) {

  /** The feature of a server that passes events on from client to client. */
  public static final String RELAY = "relay";

  /** The feature that {@link #succeeds} is about. */
  private static final String SUCCESSOR = "successor";

  /** The same, from a connection that takes the place of one that is up, and is to be drained. */
  public Hello succeeding() {
    return with(SUCCESSOR);
  }

  /** The same greeting with one feature more. */
  public Hello with(String feature) {
    var more = new ArrayList<>(features);
    more.add(feature);
    return new Hello(
        instance,
        epoch,
        software,
        List.copyOf(more),
        groups,
        labels,
        maxStreams,
        streamCredit,
        connectionCredit,
        heartbeatMillis,
        servers);
  }

  /** Whether older connections of this instance are to finish what they run, not to be cut. */
  public boolean succeeds() {
    return features.contains(SUCCESSOR);
  }
}
