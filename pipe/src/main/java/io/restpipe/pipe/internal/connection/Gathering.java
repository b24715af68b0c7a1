package io.restpipe.pipe.internal.connection;

import io.netty.buffer.ByteBuf;
import io.restpipe.event.Body;
import io.restpipe.event.BodyException;
import io.restpipe.event.Chunk;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the buffers of a body until all are there. The peer gets its credit back as they come, so
 * many bodies that are gathered at once cannot keep each other waiting. On the loop.
 */
final class Gathering implements Flow.Subscriber<Chunk> {

  private final int limit;
  private final CompletableFuture<Body> result = new CompletableFuture<>();
  private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>();

  private int size;
  private Flow.@Nullable Subscription subscription;

  private Gathering(int limit) {
    this.limit = limit;
  }

  static CompletableFuture<Body> of(InboundBody body, int limit) {
    if (body.length() > limit) {
      body.discard();
      return CompletableFuture.failedFuture(tooLarge(limit));
    }
    var gathering = new Gathering(limit);
    body.subscribe(gathering);
    return gathering.result;
  }

  private static BodyException tooLarge(int limit) {
    return new BodyException(
        BodyException.Reason.TOO_LARGE, "body is larger than " + limit + " bytes");
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(Chunk chunk) {
    if (result.isDone()) {
      chunk.release();
      return;
    }
    int more = chunk.buffer().remaining();
    if (more > limit - size) {
      chunk.release();
      fail(tooLarge(limit));
      return;
    }
    size += more;
    pieces.add(((ReceivedChunk) chunk).keep());
  }

  @Override
  public void onError(Throwable failure) {
    fail(failure);
  }

  private void fail(Throwable failure) {
    pieces.forEach(ByteBuf::release);
    pieces.clear();
    if (result.completeExceptionally(failure) && subscription != null) {
      subscription.cancel();
    }
  }

  @Override
  public void onComplete() {
    var body = new GatheredBody(pieces, size);
    if (!result.complete(body)) {
      body.discard();
    }
  }
}
