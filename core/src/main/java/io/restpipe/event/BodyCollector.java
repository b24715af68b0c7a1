package io.restpipe.event;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** Collects a body into one array, up to a limit. Cancelling the future cancels the body. */
final class BodyCollector implements Flow.Subscriber<Chunk> {

  private static final int FIRST_CAPACITY = 8 * 1024;

  private final int limit;
  private final CompletableFuture<byte[]> result = new CompletableFuture<>();

  private byte[] bytes;
  private int size;

  private BodyCollector(int limit, int capacity) {
    this.limit = limit;
    this.bytes = new byte[capacity];
  }

  static CompletableFuture<byte[]> collect(Body body, int limit) {
    if (body.length() > limit) {
      body.discard();
      return CompletableFuture.failedFuture(tooLarge(limit));
    }
    ByteBuffer whole = body.whole();
    if (whole != null) {
      var bytes = new byte[whole.remaining()];
      whole.get(bytes);
      return CompletableFuture.completedFuture(bytes);
    }
    // The announced length is the sender's word: memory is taken as bytes come, not before.
    var collector = new BodyCollector(limit, Math.min(FIRST_CAPACITY, limit));
    body.subscribe(collector);
    return collector.result;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    result.whenComplete(
        (bytes, failure) -> {
          if (failure != null) {
            subscription.cancel();
          }
        });
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(Chunk chunk) {
    try {
      ByteBuffer buffer = chunk.buffer();
      int more = buffer.remaining();
      if (result.isDone()) {
        return;
      }
      if (more > limit - size) {
        result.completeExceptionally(tooLarge(limit));
        return;
      }
      if (size + more > bytes.length) {
        int doubled = (int) Math.min(limit, bytes.length * 2L);
        bytes = Arrays.copyOf(bytes, Math.max(doubled, size + more));
      }
      buffer.get(bytes, size, more);
      size += more;
    } finally {
      chunk.release();
    }
  }

  @Override
  public void onError(Throwable failure) {
    result.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    result.complete(size == bytes.length ? bytes : Arrays.copyOf(bytes, size));
  }

  private static BodyException tooLarge(int limit) {
    return new BodyException(
        BodyException.Reason.TOO_LARGE, "body is larger than " + limit + " bytes");
  }
}
