package io.restpipe.pipe.internal.wire;

/** Why a side gives a stream up. */
public enum CancelCode {
  /** A code that this version does not know. */
  UNKNOWN(0),
  /** The caller went away or changed its mind. */
  CALLER_GONE(1),
  /** The deadline passed. */
  DEADLINE(2),
  /** Too much is running; the event was not run. */
  OVERLOADED(3),
  /** The body is larger than the sender of this frame accepts. */
  TOO_LARGE(4),
  /** Policy forbids the event; it was not run. */
  FORBIDDEN(5),
  /** The sender of this frame shuts down; the event was not run. */
  DRAINING(6),
  /** The body broke off at its source. */
  BODY_FAILED(7),
  /** The sender of this frame does not want the rest of the body; the stream goes on otherwise. */
  BODY_UNWANTED(8),
  /** Something went wrong inside the sender of this frame. */
  INTERNAL(9),
  /** The event was to be passed on to a client that nobody knows; it was not run. */
  UNKNOWN_PEER(10),
  /** The event was to be passed on to a client that is not connected; it was not run. */
  NOT_CONNECTED(11),
  /** The event was passed on, and whether it was run is not known; it is not to be sent again. */
  OUTCOME_UNKNOWN(12);

  private static final CancelCode[] VALUES = values();

  private final int number;

  CancelCode(int number) {
    this.number = number;
  }

  /** As it stands on the wire. */
  int number() {
    return number;
  }

  /** {@link #UNKNOWN} for a number that a later version may have given a meaning. */
  static CancelCode of(int number) {
    for (CancelCode code : VALUES) {
      if (code.number == number) {
        return code;
      }
    }
    return UNKNOWN;
  }
}
