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
    UNKNOWN,
    /** The speaker shuts down or restarts. */
    DRAINING,
    /** A newer connection of the same client has taken over. */
    REPLACED,
    /** Another machine is connected under the listener's name. */
    NAME_TAKEN,
    /** The listener broke the protocol; the text says how. */
    PROTOCOL_ERROR,
    /** The listener is not allowed here. */
    FORBIDDEN,
    /** The two have no version in common. */
    INCOMPATIBLE,
    /** Too many connections. */
    OVERLOADED
  }
}
