package io.restpipe.pipe.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.restpipe.event.Body;
import io.restpipe.event.BodyException;
import io.restpipe.event.Chunk;
import io.restpipe.event.Event;
import io.restpipe.event.Exchange;
import io.restpipe.event.Exchange.Cause;
import io.restpipe.event.Exchange.Refusal;
import io.restpipe.event.Reply;
import io.restpipe.event.Verb;
import io.restpipe.pipe.PipeException;
import io.restpipe.pipe.PipeException.Reason;
import io.restpipe.pipe.internal.wire.CancelCode;
import io.restpipe.pipe.internal.wire.FrameWriter;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.pipe.internal.wire.Hello;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls that end before their reply is whole, and connections that end before their calls. */
class EndingTest {

  private static final Event GET = Event.builder(Verb.GET, "noun").build();
  private static final Duration SHORT = Duration.ofMillis(150);

  private final BlockingQueue<Exchange> exchanges = new LinkedBlockingQueue<>();

  private Pair pair() throws Exception {
    return Pair.of(exchanges::add);
  }

  private Exchange exchange() throws InterruptedException {
    return exchanges.poll(20, TimeUnit.SECONDS);
  }

  private static CompletableFuture<Cause> cancellation(Exchange exchange) {
    var cause = new CompletableFuture<Cause>();
    exchange.onCancel(cause::complete);
    return cause;
  }

  private static void finish(Exchange exchange) {
    exchange.reply(Reply.of(0, "", Body.empty()));
  }

  private static Cause get(CompletableFuture<Cause> cause) throws Exception {
    return cause.get(20, TimeUnit.SECONDS);
  }

  // Cancellation.

  @Test
  void a_caller_that_gives_up_reaches_the_exchange() throws Exception {
    try (var pair = pair()) {
      var replies = new Replies();
      Call call = pair.acceptor.send(GET, "id", Pair.TIMEOUT, false, replies);
      Exchange exchange = exchange();
      var cause = cancellation(exchange);

      call.cancel();

      assertThat(get(cause)).isEqualTo(Cause.CALLER_GONE);
      assertThat(exchange.cancelled()).isTrue();
      PipeException failure = replies.awaitFailure();
      assertThat(failure.reason()).isEqualTo(Reason.CANCELLED);
      assertThat(failure.outcomeUnknown()).isTrue();
      assertThat(pair.dialer.inFlight()).as("until its handler has ended").isEqualTo(1);
      finish(exchange);
    }
  }

  @Test
  void a_callback_that_comes_late_is_called_at_once() throws Exception {
    try (var pair = pair()) {
      Call call = pair.dialer.send(GET, "id", Pair.TIMEOUT, false, new Replies());
      Exchange exchange = exchange();
      call.cancel();
      await().until(exchange::cancelled);

      assertThat(cancellation(exchange)).isCompletedWithValue(Cause.CALLER_GONE);
      finish(exchange);
    }
  }

  @Test
  void an_answered_exchange_is_not_cancelled_any_more() throws Exception {
    try (var pair = pair()) {
      Replies call = Pair.call(pair.dialer, GET);
      Exchange exchange = exchange();
      finish(exchange);
      call.await();

      assertThat(cancellation(exchange)).isNotDone();
      assertThatThrownBy(
              () -> {
                Replies second = Pair.call(pair.dialer, GET);
                Exchange other = exchange();
                other.onCancel(cause -> {});
                try {
                  other.onCancel(cause -> {});
                } finally {
                  finish(other);
                  second.await();
                }
              })
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void cancelling_breaks_off_a_reply_body() throws Exception {
    try (var pair = pair();
        var source = new SubmissionPublisher<ByteBuffer>(Runnable::run, 64)) {
      var replies = new Replies();
      Call call = pair.dialer.send(GET, "id", Pair.TIMEOUT, false, replies);
      exchange().reply(Reply.of(0, "", Body.from(source, -1)));
      BodyReader reader = BodyReader.all(replies.await().body());

      call.cancel();

      assertThatThrownBy(reader::await).hasCauseInstanceOf(BodyException.class);
      await().until(() -> source.getNumberOfSubscribers() == 0);
    }
  }

  @Test
  void discarding_a_reply_body_stops_its_source() throws Exception {
    try (var pair = pair();
        var source = new SubmissionPublisher<ByteBuffer>(Runnable::run, 64)) {
      Replies call = Pair.call(pair.dialer, GET);
      exchange().reply(Reply.of(0, "", Body.from(source, -1)));
      Reply reply = call.await();

      reply.body().discard();

      await().until(() -> source.getNumberOfSubscribers() == 0);
      await().until(() -> pair.dialer.inFlight() == 0);
    }
  }

  @Test
  void discarding_an_events_body_leaves_the_call_alone() throws Exception {
    try (var pair = pair();
        var source = new SubmissionPublisher<ByteBuffer>(Runnable::run, 64)) {
      Replies call =
          Pair.call(
              pair.dialer, Event.builder(Verb.PUT, "noun").body("", Body.from(source, -1)).build());
      Exchange exchange = exchange();

      exchange.event().body().discard();

      await().until(() -> source.getNumberOfSubscribers() == 0);
      exchange.reply(Reply.of(3, "", Body.empty()));
      assertThat(call.await().code()).isEqualTo(3);
    }
  }

  // Refusal and failure.

  @ParameterizedTest
  @CsvSource({
    "OVERLOADED, OVERLOADED",
    "TOO_LARGE, TOO_LARGE",
    "FORBIDDEN, FORBIDDEN",
    "DRAINING, DRAINING"
  })
  void a_refusal_says_why_and_that_nothing_was_run(Refusal refusal, Reason reason)
      throws Exception {
    try (var pair = pair()) {
      Replies call = Pair.call(pair.dialer, GET);

      exchange().refuse(refusal, "the rule");

      PipeException failure = call.awaitFailure();
      assertThat(failure.reason()).isEqualTo(reason);
      assertThat(failure.outcomeUnknown()).isFalse();
      assertThat(failure).hasMessageContaining("the rule");
    }
  }

  @Test
  void the_first_answer_counts() throws Exception {
    try (var pair = pair()) {
      Replies call = Pair.call(pair.dialer, GET);
      Exchange exchange = exchange();

      exchange.reply(Reply.of(1, "", Body.empty()));
      exchange.reply(Reply.of(2, "", Body.empty()));
      exchange.refuse(Refusal.FORBIDDEN, "");

      assertThat(call.await().code()).isEqualTo(1);
    }
  }

  @Test
  void a_processor_that_throws_ends_the_call() throws Exception {
    try (var pair =
        Pair.of(
            exchange -> {
              throw new IllegalStateException("boom");
            })) {
      PipeException failure = Pair.call(pair.dialer, GET).awaitFailure();

      assertThat(failure.outcomeUnknown()).isTrue();
      assertThat(failure)
          .hasMessageContaining("could not be processed")
          .hasMessageNotContaining("boom");
    }
  }

  @Test
  void an_event_that_is_too_large_is_not_sent() throws Exception {
    try (var pair = pair()) {
      Event large = Event.builder(Verb.GET, "n".repeat(100_000)).build();

      PipeException failure = Pair.call(pair.dialer, large).awaitFailure();

      assertThat(failure.reason()).isEqualTo(Reason.BAD_EVENT);
      assertThat(failure.outcomeUnknown()).isFalse();
      Replies next = Pair.call(pair.dialer, GET);
      finish(exchange());
      next.await();
    }
  }

  @Test
  void a_body_that_fails_at_its_source_ends_the_call_and_the_exchange() throws Exception {
    try (var pair = pair();
        var source = new SubmissionPublisher<ByteBuffer>(Runnable::run, 64)) {
      Replies call =
          Pair.call(
              pair.dialer, Event.builder(Verb.PUT, "noun").body("", Body.from(source, -1)).build());
      Exchange exchange = exchange();
      BodyReader reader = BodyReader.all(exchange.event().body());
      var cause = cancellation(exchange);

      source.closeExceptionally(new IllegalStateException("disk full"));

      assertThat(call.awaitFailure().reason()).isEqualTo(Reason.BAD_EVENT);
      assertThat(get(cause)).isEqualTo(Cause.CALLER_GONE);
      assertThatThrownBy(reader::await).hasMessageContaining("the body broke off");
      finish(exchange);
    }
  }

  /** A body that says a length of its own. */
  private record Announcing(Body body, long length) implements Body {

    @Override
    public @Nullable ByteBuffer whole() {
      return null;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Chunk> subscriber) {
      body.subscribe(subscriber);
    }

    @Override
    public void discard() {
      body.discard();
    }
  }

  @ParameterizedTest
  @CsvSource({"5, less", "3, more"})
  void a_body_of_another_length_than_announced_fails(long announced, String than) throws Exception {
    try (var pair = pair();
        var source = new SubmissionPublisher<ByteBuffer>(Runnable::run, 64)) {
      Replies call =
          Pair.call(
              pair.dialer,
              Event.builder(Verb.PUT, "noun")
                  .body("", new Announcing(Body.from(source, -1), announced))
                  .build());
      Exchange exchange = exchange();

      source.submit(ByteBuffer.allocate(4));
      source.close();

      PipeException failure = call.awaitFailure();
      assertThat(failure.reason()).isEqualTo(Reason.BAD_EVENT);
      assertThat(failure).hasMessageContaining(than + " than the " + announced + " bytes");
      finish(exchange);
    }
  }

  @Test
  void a_reply_body_that_fails_at_its_source_breaks_off() throws Exception {
    try (var pair = pair();
        var source = new SubmissionPublisher<ByteBuffer>(Runnable::run, 64)) {
      Replies call = Pair.call(pair.dialer, GET);
      exchange().reply(Reply.of(0, "", Body.from(source, -1)));
      BodyReader reader = BodyReader.all(call.await().body());

      source.closeExceptionally(new IllegalStateException("disk full"));

      assertThatThrownBy(reader::await)
          .hasCauseInstanceOf(BodyException.class)
          .hasMessageContaining("the body broke off");
    }
  }

  // Deadlines.

  @Test
  void a_deadline_ends_the_call_and_the_exchange() throws Exception {
    try (var pair = pair()) {
      Instant before = Instant.now();
      Replies call = Pair.call(pair.dialer, GET, SHORT);
      Exchange exchange = exchange();
      assertThat(exchange.deadline()).isBetween(before, before.plusSeconds(10));
      var cause = cancellation(exchange);

      PipeException failure = call.awaitFailure();

      assertThat(failure.reason()).isEqualTo(Reason.TIMED_OUT);
      assertThat(failure.outcomeUnknown()).isTrue();
      assertThat(get(cause)).isEqualTo(Cause.DEADLINE);
      assertThat(Duration.between(before, Instant.now())).isGreaterThan(SHORT);
      finish(exchange);
    }
  }

  @Test
  void the_receiving_end_watches_the_deadline_by_itself() throws Exception {
    try (var peer = RawPeer.greeted(ConnectionSettings.defaults(), exchanges::add)) {
      peer.write(out -> RawPeer.event(out, 1, 100, true));
      var cause = cancellation(exchange());

      assertThat(get(cause)).isEqualTo(Cause.DEADLINE);
      assertThat(peer.next("CANCEL").what()).isEqualTo("DEADLINE");
    }
  }

  @Test
  void a_body_that_moves_keeps_its_call_alive_and_one_that_stalls_does_not() throws Exception {
    Duration timeout = Duration.ofMillis(600);
    try (var pair = pair();
        var source = new SubmissionPublisher<ByteBuffer>(Runnable::run, 64)) {
      Replies call = Pair.call(pair.dialer, GET, timeout);
      exchange().reply(Reply.of(0, "", Body.from(source, -1)));
      BodyReader reader = BodyReader.all(call.await().body());
      Instant begin = Instant.now();
      await()
          .pollInterval(Duration.ofMillis(60))
          .until(
              () -> {
                source.submit(ByteBuffer.allocate(10));
                return Duration.between(begin, Instant.now()).compareTo(timeout.multipliedBy(3))
                    > 0;
              });

      assertThat(reader.done).isNotDone();

      assertThatThrownBy(reader::await).hasCauseInstanceOf(BodyException.class);
      await().until(() -> source.getNumberOfSubscribers() == 0);
    }
  }

  @Test
  void a_reply_body_that_nobody_reads_is_ended_by_the_deadline() throws Exception {
    try (var pair = pair()) {
      Replies call = Pair.call(pair.dialer, GET, SHORT);
      exchange().reply(Reply.of(0, "", Body.of(new byte[100_000])));
      Body body = call.await().body();

      await().untilAsserted(() -> assertThat(pair.ends.held()).isLessThan(50_000));
      assertThatThrownBy(BodyReader.all(body)::await).hasCauseInstanceOf(BodyException.class);
    }
  }

  @Test
  void a_call_that_waits_for_room_has_a_deadline_too() throws Exception {
    var narrow = ConnectionSettings.defaults().withMaxStreams(1).withMaxWaiting(1);
    try (var pair = Pair.of(narrow, exchanges::add, exchanges::add)) {
      Replies running = Pair.call(pair.dialer, GET);
      Replies waiting = Pair.call(pair.dialer, GET, SHORT);
      Replies refused = Pair.call(pair.dialer, GET);

      assertThat(refused.awaitFailure().reason()).isEqualTo(Reason.OVERLOADED);
      PipeException late = waiting.awaitFailure();
      assertThat(late.reason()).isEqualTo(Reason.TIMED_OUT);
      assertThat(late.outcomeUnknown()).isFalse();

      Replies next = Pair.call(pair.dialer, GET);
      finish(exchange());
      running.await();
      finish(exchange());
      next.await();
    }
  }

  // Connections that end.

  @Test
  void a_lost_connection_fails_its_calls_and_cancels_its_exchanges() throws Exception {
    try (var peer = RawPeer.greeted(ConnectionSettings.defaults(), exchanges::add)) {
      peer.event(1, false);
      peer.data(1, 100, false);
      Exchange exchange = exchange();
      BodyReader body = BodyReader.all(exchange.event().body());
      var cause = cancellation(exchange);
      Replies call = Pair.call(peer.connection, GET);
      peer.next("EVENT");

      peer.hangUp();

      PipeException failure = call.awaitFailure();
      assertThat(failure.reason()).isEqualTo(Reason.CONNECTION_LOST);
      assertThat(failure.outcomeUnknown()).isTrue();
      assertThat(get(cause)).isEqualTo(Cause.CONNECTION_LOST);
      assertThatThrownBy(body::await).hasCauseInstanceOf(BodyException.class);
      peer.watcher.awaitClosed();
      PipeException after = Pair.call(peer.connection, GET).awaitFailure();
      assertThat(after.reason()).isEqualTo(Reason.CONNECTION_LOST);
      assertThat(after.outcomeUnknown()).isFalse();
      finish(exchange);
    }
  }

  @Test
  void a_whole_reply_can_be_read_after_the_connection_is_gone() throws Exception {
    Body body;
    try (var pair = pair()) {
      Replies call = Pair.call(pair.dialer, GET);
      exchange().reply(Reply.of(0, "", Body.of(new byte[100_000])));
      body = call.await().body();
      await().until(() -> pair.acceptor.inFlight() == 0 && pair.dialer.inFlight() == 0);

      pair.acceptor.close(farewell());
      pair.dialerWatcher.awaitClosed();

      assertThat(BodyReader.all(body).await()).isEqualTo(100_000);
    }
  }

  private static GoAway farewell() {
    return Farewell.of(GoAway.Reason.DRAINING, "restart");
  }

  @Test
  void draining_finishes_what_runs_and_takes_nothing_new() throws Exception {
    try (var pair = pair()) {
      Replies there = Pair.call(pair.dialer, GET);
      Exchange runningThere = exchange();
      Replies back = Pair.call(pair.acceptor, GET);
      Exchange runningBack = exchange();

      pair.acceptor.drain(
          new GoAway(0, GoAway.Reason.DRAINING, "restart", 100, 200, List.of("b:1")));
      GoAway told = pair.dialerWatcher.goAway.get(20, TimeUnit.SECONDS);

      assertThat(told.lastStream()).isEqualTo(1);
      assertThat(told.retryMaxMillis()).isEqualTo(200);
      assertThat(told.targets()).containsExactly("b:1");
      assertThat(pair.dialer.acceptsEvents()).isFalse();
      assertThat(pair.acceptor.acceptsEvents()).isFalse();
      for (PipeConnection end : new PipeConnection[] {pair.dialer, pair.acceptor}) {
        PipeException refused = Pair.call(end, GET).awaitFailure();
        assertThat(refused.reason()).isEqualTo(Reason.DRAINING);
        assertThat(refused.outcomeUnknown()).isFalse();
      }

      finish(runningThere);
      there.await();
      assertThat(pair.acceptorWatcher.closed).isNotDone();
      finish(runningBack);
      back.await();
      assertThat(pair.acceptorWatcher.awaitClosed().cause()).isNull();
      assertThat(pair.dialerWatcher.awaitClosed().received()).isEqualTo(told);
    }
  }

  @Test
  void events_that_cross_a_farewell_are_reported_as_not_run() throws Exception {
    try (var peer = RawPeer.greeted(ConnectionSettings.defaults(), exchanges::add)) {
      Replies taken = Pair.call(peer.connection, GET);
      Replies untaken = Pair.call(peer.connection, GET);
      peer.next("EVENT");
      peer.next("EVENT");

      peer.write(
          out ->
              FrameWriter.goAway(
                  out, new GoAway(2, GoAway.Reason.DRAINING, "restart", 0, 0, List.of())));

      PipeException failure = untaken.awaitFailure();
      assertThat(failure.reason()).isEqualTo(Reason.DRAINING);
      assertThat(failure.outcomeUnknown()).isFalse();
      peer.reply(2, true);
      assertThat(taken.await().code()).isZero();
      assertThat(peer.awaitGone()).isTrue();
    }
  }

  @Test
  void a_draining_end_drops_events_that_cross_its_farewell() throws Exception {
    try (var peer = RawPeer.greeted(ConnectionSettings.defaults(), exchanges::add)) {
      peer.event(1, true);
      Exchange running = exchange();
      peer.connection.drain(farewell());
      assertThat(peer.next("GOAWAY").stream()).isEqualTo(1);

      peer.event(3, false);
      peer.data(3, 1000, true);
      peer.write(out -> FrameWriter.ping(out, 1));
      peer.next("PONG");

      assertThat(exchanges).isEmpty();
      finish(running);
      assertThat(peer.next("REPLY").stream()).isEqualTo(1);
      assertThat(peer.awaitGone()).isTrue();
    }
  }

  @Test
  void an_idle_connection_that_drains_closes_at_once() throws Exception {
    try (var pair = pair()) {
      pair.dialer.drain(farewell());

      assertThat(pair.acceptorWatcher.awaitClosed().received()).isNotNull();
      assertThat(pair.dialerWatcher.awaitClosed().cause()).isNull();
    }
  }

  @Test
  void closing_tells_why() throws Exception {
    try (var pair = pair()) {
      Replies call = Pair.call(pair.dialer, GET);
      Exchange running = exchange();

      pair.acceptor.close(Farewell.of(GoAway.Reason.REPLACED, "a newer one is here"));

      GoAway told = pair.dialerWatcher.awaitClosed().received();
      assertThat(told).isNotNull();
      assertThat(told.reason()).isEqualTo(GoAway.Reason.REPLACED);
      assertThat(call.awaitFailure()).hasMessageContaining("a newer one is here");
      finish(running);
    }
  }

  // Signs of life.

  @Test
  void a_silent_peer_is_asked_and_then_given_up() throws Exception {
    var settings =
        ConnectionSettings.defaults().withHeartbeat(Duration.ofMillis(200), Duration.ofMillis(500));
    try (var peer = RawPeer.greeted(settings, exchanges::add)) {
      peer.next("PING");
      Instant asked = Instant.now();
      peer.next("PING");

      assertThat(peer.watcher.awaitClosed().cause()).hasMessageContaining("silent for");
      assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void any_byte_is_a_sign_of_life() throws Exception {
    var settings =
        ConnectionSettings.defaults().withHeartbeat(Duration.ofMillis(300), Duration.ofMillis(600));
    try (var peer = RawPeer.greeted(settings, exchanges::add)) {
      Instant begin = Instant.now();
      await()
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                peer.write(out -> FrameWriter.credit(out, 0, 1));
                return Duration.between(begin, Instant.now()).toMillis() > 1500;
              });

      assertThat(peer.watcher.closed).isNotDone();
    }
  }

  @Test
  void heartbeats_measure_the_round_trip() throws Exception {
    try (var pair = pair()) {
      await().until(() -> pair.dialer.roundTrip() != null && pair.acceptor.roundTrip() != null);

      assertThat(pair.dialer.roundTrip()).isPositive();
    }
  }

  @Test
  void a_cancelled_call_does_not_wait_for_the_other_end() throws Exception {
    try (var peer = RawPeer.greeted(ConnectionSettings.defaults(), exchanges::add)) {
      var replies = new Replies();
      Call call = peer.connection.send(GET, "id", Pair.TIMEOUT, false, replies);
      RawPeer.Frame event = peer.next("EVENT");

      call.cancel();

      RawPeer.Frame cancel = peer.next("CANCEL");
      assertThat(cancel.stream()).isEqualTo(event.stream());
      assertThat(cancel.what()).isEqualTo(CancelCode.CALLER_GONE.name());
      peer.reply(event.stream(), true);
      assertThat(replies.awaitFailure().reason()).isEqualTo(Reason.CANCELLED);
      assertThat(peer.connection.inFlight()).isZero();
    }
  }

  @Test
  void texts_from_a_peer_can_forge_no_line_of_a_log() throws Exception {
    String evil = "bye\r\nERROR forged\u001b[2J\u0085\u2028\u202e";
    Hello hello =
        ConnectionSettings.defaults()
            .hello("instance", 1, evil, List.of(evil), Map.of(), List.of());
    try (RawPeer peer =
        RawPeer.greeted(
            ConnectionSettings.defaults(), exchange -> exchange.event().body().discard(), hello)) {
      Replies call = Pair.call(peer.connection, Event.at(Verb.GET, "noun").build());
      int stream = peer.next("EVENT").stream();

      peer.write(out -> FrameWriter.cancel(out, stream, CancelCode.INTERNAL, evil));
      peer.write(
          out ->
              FrameWriter.goAway(
                  out, new GoAway(0, GoAway.Reason.DRAINING, evil, 0, 0, List.of())));

      String clean = "bye??ERROR forged?[2J???";
      assertThat(call.awaitFailure()).hasMessageEndingWith(clean);
      assertThat(peer.watcher.goAway.get(20, TimeUnit.SECONDS).text()).isEqualTo(clean);
      assertThat(peer.connection.peer().version()).isEqualTo(clean);
      assertThat(peer.connection.peer().groups()).containsExactly(clean);
    }
  }
}
