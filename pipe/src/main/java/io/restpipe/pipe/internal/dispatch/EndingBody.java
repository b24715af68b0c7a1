package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.Body;
import io.restpipe.event.Chunk;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A body that says when it is read to its end, broken off or given up. */
final class EndingBody implements Body {

  private final Body body;
  private final Runnable atEnd;
  private final AtomicBoolean ended = new AtomicBoolean();

  EndingBody(Body body, Runnable atEnd) {
    this.body = body;
    this.atEnd = atEnd;
  }

  @Override
  public long length() {
    return body.length();
  }

  @Override
  public @Nullable ByteBuffer whole() {
    return body.whole();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super Chunk> subscriber) {
    body.subscribe(new Passing(subscriber));
  }

  @Override
  public void discard() {
    body.discard();
    end();
  }

  private void end() {
    if (ended.compareAndSet(false, true)) {
      atEnd.run();
    }
  }

  private final class Passing implements Flow.Subscriber<Chunk> {

    private final Flow.Subscriber<? super Chunk> subscriber;

    Passing(Flow.Subscriber<? super Chunk> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscriber.onSubscribe(
          new Flow.Subscription() {
            @Override
            public void request(long n) {
              subscription.request(n);
            }

            @Override
            public void cancel() {
              subscription.cancel();
              end();
            }
          });
    }

    @Override
    public void onNext(Chunk chunk) {
      subscriber.onNext(chunk);
    }

    @Override
    public void onError(Throwable failure) {
      subscriber.onError(failure);
      end();
    }

    @Override
    public void onComplete() {
      subscriber.onComplete();
      end();
    }
  }
}
