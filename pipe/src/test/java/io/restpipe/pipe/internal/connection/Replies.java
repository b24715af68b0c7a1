package io.restpipe.pipe.internal.connection;

import io.restpipe.event.Reply;
import io.restpipe.pipe.PipeException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the outcome of one call. */
final class Replies extends CompletableFuture<Reply> implements ReplyReceiver {

  @Override
  public void replied(Reply reply) {
    if (!complete(reply)) {
      throw new AssertionError("told twice");
    }
  }

  @Override
  public void failed(PipeException failure) {
    if (!completeExceptionally(failure)) {
      throw new AssertionError("told twice");
    }
  }

  Reply await() throws Exception {
    return get(20, TimeUnit.SECONDS);
  }

  PipeException awaitFailure() throws InterruptedException, TimeoutException {
    try {
      throw new AssertionError("there is a reply: " + get(20, TimeUnit.SECONDS));
    } catch (ExecutionException failed) {
      return (PipeException) failed.getCause();
    }
  }
}
