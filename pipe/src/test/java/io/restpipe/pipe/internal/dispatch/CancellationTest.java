package io.restpipe.pipe.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restpipe.event.Event;
import io.restpipe.event.EventContext;
import io.restpipe.event.Exchange.Cause;
import io.restpipe.event.Exchange.Refusal;
import io.restpipe.event.ReturnCode;
import io.restpipe.event.ServerEventHandler;
import io.restpipe.event.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CancellationTest {

  private final ServerEventHandler handler = new ServerEventHandler();
  private final HandlerExecutor executor =
      HandlerExecutor.pooled(new HandlerExecutor.Limits(1, 1, 1));

  @AfterEach
  void close() {
    executor.close();
  }

  private Dispatcher dispatcher() {
    return Dispatcher.builder(handler, executor).build();
  }

  private static FakeExchange exchange(String noun) {
    return new FakeExchange(Event.builder(Verb.GET, noun).build());
  }

  private static FakeExchange send(Dispatcher dispatcher, String noun) {
    FakeExchange exchange = exchange(noun);
    dispatcher.process(exchange);
    return exchange;
  }

  @Test
  void a_cancellation_interrupts_the_thread_that_runs_the_handler() {
    var running = new CountDownLatch(1);
    handler.on(
        Verb.GET,
        "wait",
        (context, data) -> {
          running.countDown();
          new CountDownLatch(1).await();
          return null;
        });
    FakeExchange exchange = send(dispatcher(), "wait");
    await().until(() -> running.getCount() == 0);

    exchange.cancel(Cause.CALLER_GONE);

    assertThat(exchange.awaitReply().text()).contains("java.lang.InterruptedException");
  }

  @Test
  void a_handler_sees_that_it_is_cancelled_and_is_called_back_once() {
    var context = new CompletableFuture<EventContext>();
    var go = new CountDownLatch(1);
    var called = new AtomicInteger();
    handler.on(
        Verb.GET,
        "wait",
        (given, data) -> {
          given.onCancel(called::incrementAndGet);
          given.onCancel(
              () -> {
                throw new IllegalStateException("a callback that fails");
              });
          given.onCancel(called::incrementAndGet);
          context.complete(given);
          while (go.getCount() > 0) {
            Thread.onSpinWait();
          }
          return given.cancelled();
        });
    FakeExchange exchange = send(dispatcher(), "wait");
    assertThat(context.join().cancelled()).isFalse();

    exchange.cancel(Cause.DEADLINE);
    exchange.cancel(Cause.DEADLINE);
    go.countDown();

    assertThat(exchange.awaitReply().text()).isEqualTo("true");
    assertThat(called).hasValue(2);
    var late = new AtomicBoolean();
    context.join().onCancel(() -> late.set(true));
    assertThat(late).isTrue();
  }

  @Test
  void a_handler_that_was_not_begun_is_not_run() {
    var ran = new AtomicInteger();
    var go = new CountDownLatch(1);
    handler.on(
        Verb.GET,
        "wait",
        (context, data) -> {
          go.await();
          return null;
        });
    handler.on(Verb.GET, "count", (context, data) -> ran.incrementAndGet());
    Dispatcher dispatcher = dispatcher();
    FakeExchange first = send(dispatcher, "wait");
    FakeExchange second = send(dispatcher, "count");

    second.cancel(Cause.CALLER_GONE);
    go.countDown();

    first.awaitReply();
    assertThat(second.awaitRefusal().message()).isEqualTo("cancelled before it was run");
    assertThat(ran).hasValue(0);
  }

  @Test
  void a_cancellation_cancels_the_stage_that_a_handler_returned() {
    var blocking = new CompletableFuture<Object>();
    var quick = new CompletableFuture<Object>();
    handler.on(Verb.GET, "blocking", (context, data) -> blocking);
    handler.onNonBlocking(Verb.GET, "quick", (context, data) -> quick);
    Dispatcher dispatcher = dispatcher();
    FakeExchange one = send(dispatcher, "blocking");
    FakeExchange other = send(dispatcher, "quick");
    await().until(() -> executor.running() == 0);

    one.cancel(Cause.CALLER_GONE);
    other.cancel(Cause.CALLER_GONE);

    assertThat(one.awaitReply().code()).isEqualTo(ReturnCode.EXCEPTION);
    assertThat(other.awaitReply().code()).isEqualTo(ReturnCode.EXCEPTION);
    assertThat(blocking).isCancelled();
    assertThat(quick).isCancelled();
  }

  @Test
  void a_stage_that_takes_no_notice_does_not_hold_the_exchange() {
    var stubborn = new CompletableFuture<Object>();
    handler.onNonBlocking(Verb.GET, "a", (context, data) -> stubborn.minimalCompletionStage());
    FakeExchange exchange = send(dispatcher(), "a");

    exchange.cancel(Cause.CALLER_GONE);
    exchange.awaitReply();
    stubborn.complete("late");

    assertThat(exchange.answers).hasValue(1);
  }

  @Test
  void a_non_blocking_handler_hears_of_a_cancellation_through_its_context() {
    var stage = new CompletableFuture<Object>();
    var heard = new AtomicBoolean();
    handler.onNonBlocking(
        Verb.GET,
        "a",
        (context, data) -> {
          context.onCancel(() -> heard.set(true));
          return stage;
        });
    FakeExchange exchange = send(dispatcher(), "a");

    exchange.cancel(Cause.DEADLINE);

    assertThat(heard).isTrue();
  }

  @Test
  void a_cancelled_stage_that_is_returned_after_the_cancellation_is_cancelled_too() {
    var go = new CountDownLatch(1);
    var stage = new CompletableFuture<Object>();
    handler.on(
        Verb.GET,
        "a",
        (context, data) -> {
          while (go.getCount() > 0) {
            Thread.onSpinWait();
          }
          return stage;
        });
    FakeExchange exchange = send(dispatcher(), "a");
    exchange.cancel(Cause.CALLER_GONE);
    go.countDown();

    exchange.await();
    await()
        .until(() -> stage.isCancelled() || exchange.answer.join() instanceof FakeExchange.Refused);
  }

  /**
   * Cancels at every moment of a handler's life on a pool of one thread: an interrupt that comes
   * too late would be seen by the handler of the next event.
   */
  @Test
  void an_interrupt_never_reaches_the_next_handler_on_the_thread() throws Exception {
    var strays = new AtomicInteger();
    handler.on(
        Verb.GET,
        "cancelled",
        (context, data) -> {
          for (int i = ThreadLocalRandom.current().nextInt(200); i > 0; i--) {
            Thread.onSpinWait();
          }
          return null;
        });
    handler.on(
        Verb.GET,
        "checked",
        (context, data) -> {
          for (int i = 0; i < 200; i++) {
            if (Thread.currentThread().isInterrupted()) {
              strays.incrementAndGet();
            }
            Thread.onSpinWait();
          }
          return null;
        });
    ExecutorService cancelling = Executors.newSingleThreadExecutor();
    try (var oneThread = HandlerExecutor.pooled(new HandlerExecutor.Limits(1, 1, 100))) {
      Dispatcher dispatcher = Dispatcher.builder(handler, oneThread).build();
      for (int round = 0; round < 3000; round++) {
        FakeExchange first = send(dispatcher, "cancelled");
        FakeExchange second = send(dispatcher, "checked");
        int spins = ThreadLocalRandom.current().nextInt(500);
        cancelling.execute(
            () -> {
              for (int i = 0; i < spins; i++) {
                Thread.onSpinWait();
              }
              first.cancel(Cause.CALLER_GONE);
            });
        first.await();
        second.awaitReply();
      }
    } finally {
      cancelling.shutdownNow();
    }

    assertThat(strays).hasValue(0);
  }

  @Test
  void more_handlers_than_may_run_and_wait_are_refused() {
    var go = new CountDownLatch(1);
    handler.on(
        Verb.GET,
        "wait",
        (context, data) -> {
          go.await();
          return null;
        });
    Dispatcher dispatcher = dispatcher();
    FakeExchange running = send(dispatcher, "wait");
    FakeExchange waiting = send(dispatcher, "wait");
    FakeExchange refused = send(dispatcher, "wait");

    assertThat(refused.awaitRefusal().refusal()).isEqualTo(Refusal.OVERLOADED);
    go.countDown();
    running.awaitReply();
    waiting.awaitReply();
    await().until(() -> executor.running() == 0);
    send(dispatcher, "wait").awaitReply();
  }

  @Test
  void a_closed_executor_interrupts_what_runs_and_takes_no_more() {
    var running = new CountDownLatch(1);
    handler.on(
        Verb.GET,
        "wait",
        (context, data) -> {
          running.countDown();
          new CountDownLatch(1).await();
          return null;
        });
    Dispatcher dispatcher = dispatcher();
    FakeExchange exchange = send(dispatcher, "wait");
    await().until(() -> running.getCount() == 0);

    executor.close();

    assertThat(exchange.awaitReply().code()).isEqualTo(ReturnCode.EXCEPTION);
    assertThat(send(dispatcher, "wait").awaitRefusal().refusal()).isEqualTo(Refusal.OVERLOADED);
  }

  @Test
  void handlers_run_on_virtual_threads_where_the_jdk_has_them() {
    handler.on(Verb.GET, "thread", (context, data) -> Thread.currentThread().toString());
    try (var threads = HandlerExecutor.create()) {
      var exchange = exchange("thread");
      Dispatcher.builder(handler, threads).build().process(exchange);

      assertThat(threads.virtual()).isEqualTo(Runtime.version().feature() >= 21);
      assertThat(exchange.awaitReply().text()).contains("restpipe-handler-");
      assertThat(exchange.awaitReply().text().contains("VirtualThread"))
          .isEqualTo(threads.virtual());
    }
  }

  @Test
  void many_calls_at_once_are_all_answered_once() throws Exception {
    handler.on(Verb.GET, "a", (context, data) -> context.eventId());
    handler.onNonBlocking(
        Verb.GET, "b", (context, data) -> CompletableFuture.supplyAsync(context::eventId));
    try (var threads = HandlerExecutor.create()) {
      Dispatcher dispatcher = Dispatcher.builder(handler, threads).build();
      ExecutorService loops = Executors.newFixedThreadPool(4);
      var exchanges = new ConcurrentLinkedQueue<FakeExchange>();
      try {
        for (int i = 0; i < 2000; i++) {
          String id = "id-" + i;
          String noun = i % 2 == 0 ? "a" : "b";
          loops.execute(
              () -> {
                var exchange = new FakeExchange(Event.builder(Verb.GET, noun).id(id).build());
                exchanges.add(exchange);
                dispatcher.process(exchange);
                if (id.endsWith("7")) {
                  exchange.cancel(Cause.CALLER_GONE);
                }
              });
        }
        await().until(() -> exchanges.size() == 2000);
        List<FakeExchange> all = new ArrayList<>(exchanges);
        all.forEach(FakeExchange::await);
        assertThat(all).allMatch(exchange -> exchange.answers.get() == 1);
        assertThat(all)
            .filteredOn(exchange -> !exchange.cancelled())
            .allMatch(
                exchange -> exchange.awaitReply().text().equals('"' + exchange.eventId() + '"'));
      } finally {
        loops.shutdownNow();
      }
    }
  }
}
