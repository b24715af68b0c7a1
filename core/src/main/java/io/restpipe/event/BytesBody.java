package io.restpipe.event;

import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** A body in memory. */
final class BytesBody implements Body {

  static final BytesBody EMPTY = new BytesBody(ByteBuffer.allocate(0));

  private final ByteBuffer bytes;

  BytesBody(ByteBuffer bytes) {
    this.bytes = bytes.asReadOnlyBuffer();
  }

  @Override
  public long length() {
    return bytes.remaining();
  }

  @Override
  public ByteBuffer whole() {
    return bytes.duplicate();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super Chunk> subscriber) {
    subscriber.onSubscribe(new OneChunk(subscriber));
  }

  @Override
  public void discard() {}

  @Override
  public String toString() {
    return "Body of " + bytes.remaining() + " bytes";
  }

  private final class OneChunk implements Flow.Subscription {

    private final Flow.Subscriber<? super Chunk> subscriber;
    private boolean done;

    OneChunk(Flow.Subscriber<? super Chunk> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
      if (done) {
        return;
      }
      done = true;
      if (n <= 0) {
        subscriber.onError(new IllegalArgumentException("request < 1: " + n));
        return;
      }
      if (bytes.hasRemaining()) {
        subscriber.onNext(Chunk.of(bytes.duplicate()));
      }
      subscriber.onComplete();
    }

    @Override
    public void cancel() {
      done = true;
    }
  }
}
