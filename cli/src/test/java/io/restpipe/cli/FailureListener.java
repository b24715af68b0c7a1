package io.restpipe.cli;

import io.restpipe.pipe.ClientListener;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Waits for the first attempt that fails. */
record FailureListener(CountDownLatch failed) implements ClientListener {

  @Override
  public void connectFail(String cause, int attempts, @Nullable Instant lastDisconnected) {
    failed.countDown();
  }
}
