package io.restpipe.examples.benchmarks;

import io.restpipe.event.Body;
import io.restpipe.event.Chunk;
import io.restpipe.event.Event;
import io.restpipe.event.Reply;
import io.restpipe.event.Verb;
import io.restpipe.pipe.Peer;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** Calls a peer as an embedding program would, and reads each answer as it comes. */
final class PipeCaller implements Caller {

  private final Peer peer;
  private final Verb verb;
  private volatile Body body = Body.empty();

  PipeCaller(Peer peer, Verb verb) {
    this.peer = peer;
    this.verb = verb;
  }

  @Override
  public void payload(byte[] payload) {
    body = Body.of(payload);
  }

  @Override
  public void call(Completion completion) {
    Event event =
        Event.builder(verb, PipeStack.NOUN).body("application/octet-stream", body).build();
    peer.exchange(event)
        .whenComplete(
            (reply, failure) -> {
              if (failure == null) {
                replied(reply, completion);
              } else {
                completion.failed(failure);
              }
            });
  }

  private static void replied(Reply reply, Completion completion) {
    if (reply.code() != 0) {
      completion.failed(new IllegalStateException("return code " + reply.code()));
      return;
    }
    ByteBuffer whole = reply.body().whole();
    if (whole != null) {
      completion.done(whole.remaining());
    } else {
      reply.body().subscribe(new Counting(completion));
    }
  }

  @Override
  public void close() {}

  /** Counts the bytes of a body. */
  private static final class Counting implements Flow.Subscriber<Chunk> {

    private final Completion completion;
    private long bytes;

    Counting(Completion completion) {
      this.completion = completion;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Chunk chunk) {
      bytes += chunk.buffer().remaining();
      chunk.release();
    }

    @Override
    public void onError(Throwable failure) {
      completion.failed(failure);
    }

    @Override
    public void onComplete() {
      completion.done(bytes);
    }
  }
}
