package io.restpipe.pipe.internal.wire;

/** Why a side gives a stream up. */
public enum CancelCode {
  /** A code that this version does not know. */
  UNKNOWN,
  /** The caller went away or changed its mind. */
  CALLER_GONE,
  /** The deadline passed. */
  DEADLINE,
  /** Too much is running; the event was not run. */
  OVERLOADED,
  /** The body is larger than the sender of this frame accepts. */
  TOO_LARGE,
  /** Policy forbids the event; it was not run. */
  FORBIDDEN,
  /** The sender of this frame shuts down; the event was not run. */
  DRAINING,
  /** The body broke off at its source. */
  BODY_FAILED,
  /** The sender of this frame does not want the rest of the body; the stream goes on otherwise. */
  BODY_UNWANTED,
  /** Something went wrong inside the sender of this frame. */
  INTERNAL
}
