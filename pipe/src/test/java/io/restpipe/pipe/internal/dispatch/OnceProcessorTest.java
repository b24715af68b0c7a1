package io.restpipe.pipe.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restpipe.event.Body;
import io.restpipe.event.Event;
import io.restpipe.event.Exchange;
import io.restpipe.event.Exchange.Cause;
import io.restpipe.event.Headers;
import io.restpipe.event.PeerInfo;
import io.restpipe.event.Reply;
import io.restpipe.event.ReturnCode;
import io.restpipe.event.Verb;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnceProcessorTest {

  private static final Executor HERE = Runnable::run;

  /** What reached the handler side, in order. */
  private final List<Exchange> ran = new ArrayList<>();

  private final AtomicLong clock = new AtomicLong();
  private OnceProcessor once = limited(OnceProcessor.Limits.DEFAULT);

  private OnceProcessor limited(OnceProcessor.Limits limits) {
    return new OnceProcessor(ran::add, limits, clock::get);
  }

  private FakeExchange send(Verb verb, String id) {
    return send(verb, id, "pay//1", FakeExchange.PEER, Duration.ofSeconds(20));
  }

  private FakeExchange send(Verb verb, String id, String path, PeerInfo peer, Duration timeout) {
    var exchange = new FakeExchange(Event.at(verb, path).id(id).build(), peer, false, timeout);
    once.process(exchange);
    return exchange;
  }

  private static Reply reply(String text) {
    return Reply.of(0, "text/plain", Body.of(text));
  }

  private static String error(Reply reply) {
    return reply.headers().first("X-Event-Error").orElse("");
  }

  @ParameterizedTest
  @EnumSource(
      value = Verb.class,
      names = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
  void idempotent_verbs_pass_untouched(Verb verb) {
    FakeExchange first = send(verb, "1");
    FakeExchange second = send(verb, "1");

    assertThat(ran).containsExactly(first, second);
    assertThat(once.remembered()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Verb.class,
      names = {"POST", "PATCH"})
  void a_second_arrival_gets_the_reply_of_the_first(Verb verb) {
    FakeExchange first = send(verb, "1");
    ran.get(0).reply(reply("done"));
    FakeExchange second = send(verb, "1");
    FakeExchange third = send(verb, "1");

    assertThat(ran).hasSize(1);
    for (FakeExchange exchange : List.of(first, second, third)) {
      assertThat(exchange.awaitReply().text()).isEqualTo("done");
    }
  }

  @Test
  void different_ids_and_different_peers_run_each() {
    var other =
        new PeerInfo(
            "client-2",
            "i",
            FakeExchange.PEER.address(),
            "",
            2,
            FakeExchange.PEER.groups(),
            FakeExchange.PEER.since());
    send(Verb.POST, "1");
    send(Verb.POST, "2");
    send(Verb.POST, "1", "pay//1", other, Duration.ofSeconds(20));

    assertThat(ran).hasSize(3);
  }

  @Test
  void the_same_id_for_another_event_is_told_so() {
    send(Verb.POST, "1");
    FakeExchange other = send(Verb.POST, "1", "pay//2", FakeExchange.PEER, Duration.ofSeconds(20));

    assertThat(ran).hasSize(1);
    assertThat(error(other.awaitReply())).isEqualTo("duplicate-id");
    assertThat(other.awaitReply().code()).isEqualTo(ReturnCode.EXCEPTION);
  }

  @Test
  void a_lost_connection_does_not_cancel_and_the_newest_arrival_gets_the_reply() {
    var causes = new ArrayList<Cause>();
    FakeExchange first = send(Verb.POST, "1");
    ran.get(0).onCancel(causes::add);

    first.cancel(Cause.CONNECTION_LOST);
    FakeExchange second = send(Verb.POST, "1");
    second.cancel(Cause.CONNECTION_LOST);
    FakeExchange third = send(Verb.POST, "1");
    ran.get(0).reply(reply("done"));

    assertThat(causes).isEmpty();
    assertThat(ran).hasSize(1);
    assertThat(third.awaitReply().text()).isEqualTo("done");
    assertThat(error(second.awaitReply())).isEqualTo("superseded");
  }

  @Test
  void the_reply_waits_for_a_sender_that_comes_back_later() {
    FakeExchange first = send(Verb.POST, "1");
    first.cancel(Cause.CONNECTION_LOST);
    ran.get(0).reply(reply("done"));

    assertThat(send(Verb.POST, "1").awaitReply().text()).isEqualTo("done");
    assertThat(ran).hasSize(1);
  }

  @Test
  void the_deadline_ends_the_grace() {
    var causes = new ArrayList<Cause>();
    FakeExchange first = send(Verb.POST, "1", "pay//1", FakeExchange.PEER, Duration.ofMillis(50));
    var cancelled = new CountDownLatch(1);
    ran.get(0)
        .onCancel(
            cause -> {
              causes.add(cause);
              cancelled.countDown();
            });

    first.cancel(Cause.CONNECTION_LOST);

    await().atMost(Duration.ofSeconds(10)).until(() -> cancelled.getCount() == 0);
    assertThat(causes).containsExactly(Cause.DEADLINE);
    assertThat(ran.get(0).cancelled()).isTrue();
  }

  @Test
  void a_grace_that_was_ended_by_a_return_does_not_cancel() throws Exception {
    var cancelled = new CountDownLatch(1);
    FakeExchange first = send(Verb.POST, "1", "pay//1", FakeExchange.PEER, Duration.ofMillis(100));
    ran.get(0).onCancel(cause -> cancelled.countDown());
    first.cancel(Cause.CONNECTION_LOST);

    send(Verb.POST, "1");

    assertThat(cancelled.await(300, TimeUnit.MILLISECONDS)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = Cause.class,
      names = {"CALLER_GONE", "DEADLINE"})
  void a_caller_that_gives_up_and_a_deadline_cancel_at_once(Cause cause) {
    var causes = new ArrayList<Cause>();
    FakeExchange first = send(Verb.POST, "1");
    ran.get(0).onCancel(causes::add);

    first.cancel(cause);

    assertThat(causes).containsExactly(cause);
  }

  @Test
  void a_cancellation_before_the_callback_is_told_at_once() {
    var causes = new ArrayList<Cause>();
    FakeExchange first = send(Verb.POST, "1");
    first.cancel(Cause.CALLER_GONE);

    ran.get(0).onCancel(causes::add);

    assertThat(causes).containsExactly(Cause.CALLER_GONE);
  }

  @Test
  void an_older_arrival_that_gives_up_does_not_cancel() {
    var causes = new ArrayList<Cause>();
    var first =
        new FakeExchange(Event.at(Verb.POST, "pay//1").id("1").build()) {
          @Override
          public void reply(Reply reply) {
            // A connection that has not noticed yet.
          }
        };
    once.process(first);
    ran.get(0).onCancel(causes::add);
    send(Verb.POST, "1");

    first.cancel(Cause.CALLER_GONE);

    assertThat(causes).isEmpty();
  }

  @Test
  void a_refused_event_may_run_when_it_comes_again() {
    FakeExchange first = send(Verb.POST, "1");
    ran.get(0).refuse(Exchange.Refusal.OVERLOADED, "busy");
    send(Verb.POST, "1");

    assertThat(first.awaitRefusal().refusal()).isEqualTo(Exchange.Refusal.OVERLOADED);
    assertThat(ran).hasSize(2);
  }

  @Test
  void the_body_of_a_second_arrival_is_discarded() {
    send(Verb.POST, "1");
    var body = new UnreadBody();
    var second =
        new FakeExchange(Event.at(Verb.POST, "pay//1").id("1").body("text/plain", body).build());

    once.process(second);

    assertThat(body.discarded).isTrue();
  }

  @Test
  void a_short_streamed_reply_of_known_length_is_kept() {
    FakeExchange first = send(Verb.POST, "1");
    var in = new ByteArrayInputStream("done".getBytes(StandardCharsets.UTF_8));
    ran.get(0).reply(new Reply(7, "a/b", Headers.of("X-A", "b"), Body.from(in, 4, HERE)));

    assertThat(first.awaitReply().text()).isEqualTo("done");
    Reply again = send(Verb.POST, "1").awaitReply();
    assertThat(again.text()).isEqualTo("done");
    assertThat(again.code()).isEqualTo(7);
    assertThat(again.headers().first("X-A")).hasValue("b");
  }

  @Test
  void a_long_reply_is_not_kept_but_its_code_is_known() {
    FakeExchange first = send(Verb.POST, "1");
    ran.get(0).reply(Reply.of(42, "", Body.of(new byte[64 * 1024 + 1])));

    assertThat(first.awaitReply().bytes()).hasSize(64 * 1024 + 1);
    Reply again = send(Verb.POST, "1").awaitReply();
    assertThat(ran).hasSize(1);
    assertThat(error(again)).isEqualTo("reply-gone");
    assertThat(again.text()).contains("return code 42", "DuplicateEventException");
  }

  @Test
  void a_stream_of_unknown_length_goes_out_and_is_not_kept() {
    FakeExchange first = send(Verb.POST, "1");
    var in = new ByteArrayInputStream(new byte[10]);
    ran.get(0).reply(Reply.of(0, "", Body.from(in, Body.UNKNOWN_LENGTH, HERE)));

    assertThat(first.awaitReply().bytes()).hasSize(10);
    assertThat(error(send(Verb.POST, "1").awaitReply())).isEqualTo("reply-gone");
  }

  @Test
  void a_reply_is_forgotten_after_its_time() {
    send(Verb.POST, "1");
    ran.get(0).reply(reply("done"));
    clock.addAndGet(Duration.ofMinutes(2).toNanos() + 1);

    send(Verb.POST, "2");
    assertThat(once.remembered()).isEqualTo(1);
    assertThat(once.keptBytes()).isZero();
    send(Verb.POST, "1");
    assertThat(ran).hasSize(3);
  }

  @Test
  void the_oldest_replies_are_let_go_where_memory_is_short() {
    once = limited(new OnceProcessor.Limits(Duration.ofMinutes(2), 100, 3000, 1024));
    for (int i = 0; i < 5; i++) {
      send(Verb.POST, "id-" + i);
      ran.get(i).reply(Reply.of(0, "", Body.of(new byte[1000])));
    }

    assertThat(once.keptBytes()).isBetween(1L, 3000L);
    assertThat(error(send(Verb.POST, "id-0").awaitReply())).isEqualTo("reply-gone");
    assertThat(send(Verb.POST, "id-4").awaitReply().bytes()).hasSize(1000);
    assertThat(ran).hasSize(5);
  }

  @Test
  void the_oldest_answered_event_is_forgotten_where_there_are_too_many() {
    once = limited(new OnceProcessor.Limits(Duration.ofMinutes(2), 2, 10_000, 1024));
    send(Verb.POST, "1");
    send(Verb.POST, "2");
    ran.get(0).reply(reply("one"));
    send(Verb.POST, "3");

    assertThat(once.remembered()).isEqualTo(2);
    FakeExchange fourth = send(Verb.POST, "4");
    assertThat(fourth.awaitRefusal().refusal()).isEqualTo(Exchange.Refusal.OVERLOADED);
    assertThat(ran).hasSize(3);
  }

  @Test
  void a_processor_that_throws_is_answered_for() {
    once =
        new OnceProcessor(
            exchange -> {
              throw new IllegalStateException("broken");
            });

    assertThat(send(Verb.POST, "1").awaitReply().code()).isEqualTo(ReturnCode.EXCEPTION);
  }

  @Test
  void many_arrivals_at_once_run_once_and_all_are_answered() throws Exception {
    var runs = new AtomicInteger();
    var pool = Executors.newFixedThreadPool(8);
    try {
      var racing =
          new OnceProcessor(
              exchange -> {
                runs.incrementAndGet();
                pool.execute(() -> exchange.reply(reply("done")));
              });
      var exchanges = new ArrayList<FakeExchange>();
      for (int event = 0; event < 200; event++) {
        var copies = new ArrayList<FakeExchange>();
        for (int copy = 0; copy < 4; copy++) {
          copies.add(new FakeExchange(Event.at(Verb.POST, "pay").id("id-" + event).build()));
        }
        copies.forEach(copy -> pool.execute(() -> racing.process(copy)));
        exchanges.addAll(copies);
      }

      exchanges.forEach(FakeExchange::awaitReply);
      assertThat(runs).hasValue(200);
      assertThat(exchanges).allMatch(exchange -> exchange.answers.get() == 1);
    } finally {
      pool.shutdownNow();
    }
  }
}
