package io.restpipe.pipe.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.event.Body;
import io.restpipe.event.Event;
import io.restpipe.event.EventProcessor;
import io.restpipe.event.Headers;
import io.restpipe.event.Reply;
import io.restpipe.event.Verb;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** What two connections do for each other when all goes well. */
class PipeConnectionTest {

  /** Sends each body back, as it comes. */
  static final EventProcessor ECHO =
      exchange ->
          exchange.reply(
              new Reply(7, exchange.event().mimeType(), Headers.empty(), exchange.event().body()));

  @Test
  void carries_events_and_replies_both_ways() throws Exception {
    try (var pair = Pair.of(ECHO)) {
      for (PipeConnection from : new PipeConnection[] {pair.dialer, pair.acceptor}) {
        Event event = Event.builder(Verb.POST, "echo").body("text/plain", "hello").build();

        Reply reply = Pair.call(from, event).await();

        assertThat(reply.code()).isEqualTo(7);
        assertThat(reply.mimeType()).isEqualTo("text/plain");
        assertThat(reply.body().whole()).isNotNull();
        assertThat(reply.text()).isEqualTo("hello");
      }
    }
  }

  @Test
  void carries_events_without_a_body() throws Exception {
    try (var pair = Pair.of(ECHO)) {
      Reply reply = Pair.call(pair.dialer, Event.builder(Verb.GET, "echo").build()).await();

      assertThat(reply.body().isEmpty()).isTrue();
      assertThat(reply.text()).isEmpty();
    }
  }

  @Test
  void streams_large_bodies_both_ways() throws Exception {
    byte[] bytes = new byte[5_000_000];
    new Random(1).nextBytes(bytes);
    try (var pair = Pair.of(ECHO)) {
      Event event = Event.builder(Verb.PUT, "echo").body("x/y", Body.of(bytes)).build();

      Reply reply = Pair.call(pair.acceptor, event).await();

      assertThat(reply.body().length()).isEqualTo(bytes.length);
      assertThat(CompletableFuture.supplyAsync(reply::bytes, ForkJoinPool.commonPool()).get())
          .isEqualTo(bytes);
    }
  }
}
