package io.restpipe.pipe.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.restpipe.event.Event;
import io.restpipe.event.EventContext;
import io.restpipe.event.On;
import io.restpipe.event.PeerInfo;
import io.restpipe.event.ServerEventHandler;
import io.restpipe.event.Verb;
import io.restpipe.metrics.Metrics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class MetersAndHooksTest {

  /** Counts how often each meter was used. */
  private static final class Meters implements Metrics {

    private final Map<String, AtomicLong> used = new ConcurrentHashMap<>();

    private AtomicLong meter(String name) {
      return used.computeIfAbsent(name, key -> new AtomicLong());
    }

    @Override
    public Counter counter(String name) {
      return meter(name)::addAndGet;
    }

    @Override
    public Timer timer(String name) {
      AtomicLong meter = meter(name);
      return nanos -> meter.incrementAndGet();
    }

    @Override
    public void gauge(String name, LongSupplier value) {}
  }

  static class Handler extends ServerEventHandler {

    final ConcurrentLinkedQueue<String> hooks = new ConcurrentLinkedQueue<>();
    final CountDownLatch mayStart = new CountDownLatch(1);

    public String getTimeUtc() {
      return "noon";
    }

    public void get(int number) {
      throw new IllegalStateException("number " + number);
    }

    @On(verb = Verb.DELETE, noun = "a/b.c")
    public void remove() {}

    public Map<String, List<String>> getQuery(EventContext context) {
      return context.queryParameters();
    }

    @Override
    public void start(PeerInfo peer) {
      try {
        mayStart.await();
      } catch (InterruptedException interrupted) {
        throw new IllegalStateException(interrupted);
      }
      hooks.add("start " + peer.name());
      throw new IllegalStateException("a hook that fails");
    }

    @Override
    public void stop(PeerInfo peer) {
      hooks.add("stop " + peer.name());
    }
  }

  private final Handler handler = new Handler();

  @Test
  void each_method_has_the_meters_of_version_1() {
    var meters = new Meters();
    try (var executor = HandlerExecutor.create()) {
      Dispatcher dispatcher = Dispatcher.builder(handler, executor).metrics(meters).build();
      for (String path : List.of("time/utc", "time_utc", "//7")) {
        var exchange = new FakeExchange(Event.at(Verb.GET, path).build());
        dispatcher.process(exchange);
        exchange.awaitReply();
      }
    }

    assertThat(meters.used)
        .containsOnlyKeys(
            "message.received.handle.get_time_utc.tick",
            "message.received.handle.get_time_utc.timing",
            "message.received.handle.get_.tick",
            "message.received.handle.get_.timing",
            "message.received.handle.get_query.tick",
            "message.received.handle.get_query.timing",
            "message.received.handle.delete_a_b_c.tick",
            "message.received.handle.delete_a_b_c.timing");
    assertThat(meters.meter("message.received.handle.get_time_utc.tick")).hasValue(2);
    assertThat(meters.meter("message.received.handle.get_time_utc.timing")).hasValue(2);
    assertThat(meters.meter("message.received.handle.get_.tick")).hasValue(1);
  }

  @Test
  void stats_tell_counts_times_and_the_last_error() {
    try (var node = new Dispatching(handler)) {
      node.get("time/utc");
      node.get("//7");
      node.get("//8");
      node.get("//x");

      JsonNode stats = Json.MAPPER.readTree(node.text("$stats")).path("events");
      JsonNode get = stats.get(0);
      assertThat(get.path("noun").asString()).isEmpty();
      assertThat(get.path("count").asInt()).isEqualTo(3);
      assertThat(get.path("errors").asInt()).isEqualTo(2);
      assertThat(get.path("badParameters").asInt()).isEqualTo(1);
      assertThat(get.path("lastError").asString()).isEqualTo("number 8");
      assertThat(get.path("lastErrorTime").asString()).endsWith("Z");
      assertThat(get.path("maxMillis").asDouble()).isPositive();
      assertThat(get.path("meanMillis").asDouble())
          .isLessThanOrEqualTo(get.path("maxMillis").asDouble());
    }
  }

  @Test
  void info_lists_what_is_offered() {
    try (var node = new Dispatching(handler)) {
      JsonNode info = Json.MAPPER.readTree(node.text("$info"));

      assertThat(info.path("name").asString()).isEqualTo("node-1");
      assertThat(info.path("events").size()).isEqualTo(4);
      JsonNode remove = info.path("events").get(1);
      assertThat(remove.path("verb").asString()).isEqualTo("DELETE");
      assertThat(remove.path("noun").asString()).isEqualTo("a/b.c");
      assertThat(remove.path("signature").asString()).isEqualTo("remove()");
      assertThat(remove.path("blocking").asBoolean()).isTrue();
    }
  }

  @Test
  void a_query_is_decoded_in_order_and_a_broken_one_is_the_callers_mistake() {
    try (var node = new Dispatching(handler)) {
      assertThat(node.text("query?b=1&a=%C3%A4+x&b=2&c&&=d"))
          .isEqualTo("{\"b\":[\"1\",\"2\"],\"a\":[\"ä x\"],\"c\":[\"\"],\"\":[\"d\"]}");
      assertThat(node.text("query")).isEqualTo("{}");
      assertThat(node.get("query?a=%zz").headers().first("X-Event-Error")).hasValue("parameters");
    }
  }

  @Test
  void hooks_run_in_order_and_off_the_loop_even_where_they_fail() {
    for (HandlerExecutor executor :
        List.of(HandlerExecutor.create(), HandlerExecutor.pooled(HandlerExecutor.Limits.DEFAULT))) {
      try (executor) {
        var slow = new Handler();
        ConnectionHooks.Link link = new ConnectionHooks(slow, executor).started(FakeExchange.PEER);
        link.stopped();
        assertThat(slow.hooks).isEmpty();

        slow.mayStart.countDown();

        await().until(() -> slow.hooks.size() == 2);
        assertThat(slow.hooks).containsExactly("start client-1", "stop client-1");
      }
    }
  }

  @Test
  void hooks_of_a_closed_node_are_left_out() {
    HandlerExecutor executor = HandlerExecutor.create();
    executor.close();

    new ConnectionHooks(handler, executor).started(FakeExchange.PEER).stopped();

    assertThat(handler.hooks).isEmpty();
  }

  @Test
  void limits_are_checked() {
    assertThatThrownBy(() -> new HandlerExecutor.Limits(0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    try (var executor = HandlerExecutor.create()) {
      assertThatThrownBy(() -> Dispatcher.builder(handler, executor).bodyLimit(-1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
