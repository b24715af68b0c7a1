package io.restpipe.cli;

/** How long a command that stays runs. */
@FunctionalInterface
interface Lifetime {

  /** Returns when it is over; what was started has been ended then. */
  void await(Runnable end) throws InterruptedException;
}
