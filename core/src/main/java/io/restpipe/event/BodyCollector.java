package io.restpipe.event;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** Collects a body into one array, up to a limit. Cancelling the future cancels the body. */
final class BodyCollector implements Flow.Subscriber<Chunk> {

  private static final int FIRST_CAPACITY = 8 * 1024;

  /** An announced length is believed up to here. Beyond, memory is taken as bytes come. */
  private static final int BELIEVED_LENGTH = 64 * 1024;

  private final int limit;

  /** What the array need not grow beyond: the announced length, or else the limit. */
  private final int most;

  private final int growth;
  private final CompletableFuture<byte[]> result = new CompletableFuture<>();

  private byte[] bytes;
  private int size;

  private BodyCollector(int limit, long length) {
    this.limit = limit;
    this.most = length < 0 ? limit : (int) length;
    this.growth = length < 0 ? 2 : 4;
    this.bytes = new byte[Math.min(most, length < 0 ? FIRST_CAPACITY : BELIEVED_LENGTH)];
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
    var collector = new BodyCollector(limit, body.length());
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
        int grown = (int) Math.min(most, (long) bytes.length * growth);
        bytes = Arrays.copyOf(bytes, Math.max(grown, size + more));
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
