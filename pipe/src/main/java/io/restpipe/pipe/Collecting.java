package io.restpipe.pipe;

import io.restpipe.event.Body;
import io.restpipe.event.Event;
import io.restpipe.event.Reply;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A call whose reply is complete only with its whole body; cancelling it cancels the call. */
final class Collecting extends CompletableFuture<Reply> {

  private final CompletableFuture<Reply> sent;
  private volatile @Nullable CompletableFuture<byte[]> body;

  private Collecting(CompletableFuture<Reply> sent) {
    this.sent = sent;
  }

  static CompletableFuture<Reply> call(Peer peer, Event event) {
    var collecting = new Collecting(peer.send(event));
    collecting.sent.whenComplete(collecting::replied);
    return collecting;
  }

  private void replied(@Nullable Reply reply, @Nullable Throwable failure) {
    if (reply == null) {
      completeExceptionally(failure == null ? new IllegalStateException("no reply") : failure);
    } else if (reply.body().whole() != null) {
      complete(reply);
    } else {
      CompletableFuture<byte[]> collected = reply.body().aggregate(Reply.AGGREGATE_LIMIT);
      body = collected;
      collected.whenComplete(
          (bytes, broken) -> {
            if (broken != null) {
              completeExceptionally(broken);
            } else {
              complete(new Reply(reply.code(), reply.mimeType(), reply.headers(), Body.of(bytes)));
            }
          });
      if (isCancelled()) {
        collected.cancel(true);
      }
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    sent.cancel(mayInterruptIfRunning);
    CompletableFuture<byte[]> collected = body;
    if (collected != null) {
      collected.cancel(mayInterruptIfRunning);
    }
    return cancelled;
  }
}
