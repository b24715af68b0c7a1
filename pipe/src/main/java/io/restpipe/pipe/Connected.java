package io.restpipe.pipe;

import io.restpipe.event.PeerInfo;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One live connection, as it was when asked. */
public final class Connected {

  private final PeerInfo peer;
  private final @Nullable Duration roundTrip;
  private final int inFlight;

  public Connected(PeerInfo peer, @Nullable Duration roundTrip, int inFlight) {
    this.peer = peer;
    this.roundTrip = roundTrip;
    this.inFlight = inFlight;
  }

  public PeerInfo peer() {
    return peer;
  }

  /** The round-trip time as last measured by a heartbeat; absent before the first. */
  public Optional<Duration> roundTrip() {
    return Optional.ofNullable(roundTrip);
  }

  /** How many events are under way on it, both ways. */
  public int inFlight() {
    return inFlight;
  }
}
