package io.restpipe.pipe;

import io.restpipe.event.PeerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One live connection, as it was when asked. */
public final class Connected {

  private final PeerInfo peer;
  private final @Nullable Duration roundTrip;
  private final int inFlight;
  private final @Nullable Instant certificateExpires;

  public Connected(
      PeerInfo peer,
      @Nullable Duration roundTrip,
      int inFlight,
      @Nullable Instant certificateExpires) {
    this.peer = peer;
    this.roundTrip = roundTrip;
    this.inFlight = inFlight;
    this.certificateExpires = certificateExpires;
  }

  public PeerInfo peer() {
    return peer;
  }

  /** The round-trip time as last measured by a heartbeat; absent before the first. */
  public Optional<Duration> roundTrip() {
    return Optional.ofNullable(roundTrip);
  }

  /** Until when the certificate is valid that the peer has shown; absent if it is not known. */
  public Optional<Instant> certificateExpires() {
    return Optional.ofNullable(certificateExpires);
  }

  /** How many events are under way on it, both ways. */
  public int inFlight() {
    return inFlight;
  }
}
