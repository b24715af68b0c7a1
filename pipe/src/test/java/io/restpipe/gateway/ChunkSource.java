package io.restpipe.gateway;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.concurrent.Flow;

/** Publishes buffers as they are asked for, on the asking thread. */
final class ChunkSource implements Flow.Publisher<ByteBuffer> {

  private final Iterable<ByteBuffer> buffers;

  ChunkSource(Iterable<ByteBuffer> buffers) {
    this.buffers = buffers;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    Iterator<ByteBuffer> iterator = buffers.iterator();
    subscriber.onSubscribe(
        new Flow.Subscription() {
          private long demand;
          private boolean emitting;
          private boolean done;

          @Override
          public void request(long n) {
            demand += n;
            if (emitting) {
              return;
            }
            emitting = true;
            while (demand > 0 && !done && iterator.hasNext()) {
              demand--;
              subscriber.onNext(iterator.next());
            }
            emitting = false;
            if (!done && !iterator.hasNext()) {
              done = true;
              subscriber.onComplete();
            }
          }

          @Override
          public void cancel() {
            done = true;
          }
        });
  }
}
