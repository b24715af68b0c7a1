package io.restpipe.event;

import java.util.concurrent.Flow;

/** The subscription of a subscriber that is refused: nothing comes. */
enum NoSubscription implements Flow.Subscription {
  INSTANCE;

  @Override
  public void request(long n) {}

  @Override
  public void cancel() {}
}
