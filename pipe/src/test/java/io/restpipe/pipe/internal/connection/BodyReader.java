package io.restpipe.pipe.internal.connection;

import io.restpipe.event.Body;
import io.restpipe.event.Chunk;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** Reads a body at the pace that a test sets. Any thread may ask. */
final class BodyReader implements Flow.Subscriber<Chunk> {

  final CompletableFuture<Long> done = new CompletableFuture<>();

  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private final Queue<Chunk> kept = new ArrayDeque<>();
  private final MessageDigest digest;
  private long size;

  BodyReader(Body body) {
    try {
      digest = MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
    body.subscribe(this);
  }

  static BodyReader all(Body body) {
    var reader = new BodyReader(body);
    reader.request(Long.MAX_VALUE);
    return reader;
  }

  void request(long chunks) {
    subscription.join().request(chunks);
  }

  void cancel() {
    subscription.join().cancel();
  }

  long await() throws Exception {
    return done.get(60, TimeUnit.SECONDS);
  }

  long size() {
    synchronized (kept) {
      return size;
    }
  }

  byte[] digest() {
    return digest.digest();
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription.complete(given);
  }

  @Override
  public void onNext(Chunk chunk) {
    synchronized (kept) {
      size += chunk.buffer().remaining();
    }
    digest.update(chunk.buffer().duplicate());
    chunk.release();
  }

  @Override
  public void onError(Throwable failure) {
    done.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    done.complete(size());
  }
}
