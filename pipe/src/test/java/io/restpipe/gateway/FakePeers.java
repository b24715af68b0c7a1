package io.restpipe.gateway;

import io.restpipe.event.Event;
import io.restpipe.event.Reply;
import io.restpipe.pipe.Connected;
import io.restpipe.pipe.Peer;
import io.restpipe.pipe.Peers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Peers that answer as the test says, and note what they were asked. */
final class FakePeers implements Peers {

  final List<Event> events = new CopyOnWriteArrayList<>();
  final List<String> names = new CopyOnWriteArrayList<>();
  volatile List<Connected> connected = List.of();

  private volatile BiFunction<String, Event, CompletableFuture<Reply>> answer =
      (name, event) -> CompletableFuture.failedFuture(new IllegalStateException("no answer set"));

  /** Answers at once, on the gateway's loop, as a non-blocking handler does. */
  void reply(Function<Event, Reply> reply) {
    answer((name, event) -> CompletableFuture.completedFuture(reply.apply(event)));
  }

  void fail(Throwable failure) {
    answer((name, event) -> CompletableFuture.failedFuture(failure));
  }

  void answer(BiFunction<String, Event, CompletableFuture<Reply>> answer) {
    this.answer = answer;
  }

  Event onlyEvent() {
    if (events.size() != 1) {
      throw new AssertionError("expected one event: " + events);
    }
    return events.get(0);
  }

  @Override
  public Peer peer(String name) {
    return new Peer() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public boolean connected() {
        return true;
      }

      @Override
      public CompletableFuture<Reply> exchange(Event event) {
        names.add(name);
        events.add(event);
        return answer.apply(name, event);
      }
    };
  }

  @Override
  public List<Connected> connected() {
    return connected;
  }
}
