package io.restpipe.pipe.internal.wire;

import java.util.List;

/**
 * The speaker takes no new streams; what runs goes on.
 *
 * @param lastStream the highest stream of the listener that the speaker has taken; later ones were
 *     not run
 * @param text for people
 * @param retryMinMillis do not dial again before this time
 * @param retryMaxMillis dial again at a random time between the two
 * @param targets where to dial, as {@code host:port}; empty: where it was
 */
public record GoAway(
    int lastStream,
    Reason reason,
    String text,
    int retryMinMillis,
    int retryMaxMillis,
    List<String> targets) {

  /** Why the connection ends. */
  public enum Reason {
    /** A reason that this version does not know. */
    UNKNOWN(0),
    /** The speaker shuts down or restarts. */
    DRAINING(1),
    /** A newer connection of the same client has taken over. */
    REPLACED(2),
    /** Another machine is connected under the listener's name. */
    NAME_TAKEN(3),
    /** The listener broke the protocol; the text says how. */
    PROTOCOL_ERROR(4),
    /** The listener is not allowed here. */
    FORBIDDEN(5),
    /** The two have no version in common. */
    INCOMPATIBLE(6),
    /** Too many connections. */
    OVERLOADED(7);

    private final int number;

    Reason(int number) {
      this.number = number;
    }

    /** As it stands on the wire. */
    int number() {
      return number;
    }

    /** {@link #UNKNOWN} for a number that a later version may have given a meaning. */
    static Reason of(long number) {
      for (Reason reason : values()) {
        if (reason.number == number) {
          return reason;
        }
      }
      return UNKNOWN;
    }
  }
}
