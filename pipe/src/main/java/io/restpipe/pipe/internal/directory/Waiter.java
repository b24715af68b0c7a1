package io.restpipe.pipe.internal.directory;

/** Somebody who waits until a peer is connected. */
@FunctionalInterface
interface Waiter {

  /** A connection may be there now: look again. */
  void wake();
}
