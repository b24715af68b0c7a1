package io.restpipe.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restpipe.event.Body;
import io.restpipe.event.Reply;
import io.restpipe.metrics.Metrics;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessLogTest {

  @Test
  void each_request_is_one_line_without_parameters_and_query() throws Exception {
    try (var gateway = TestGateway.start(setup -> setup.options.accessLog(true));
        var log = new CapturedLog("io.restpipe.access")) {
      gateway.peers.reply(event -> Reply.of(0, "", Body.of("hello")));

      gateway.send(
          gateway
              .request("/client/c/cat//secret?token=secret")
              .header("Idempotency-Key", "k-1")
              .build());
      gateway.get("/nothing");

      await().until(() -> log.lines().size() == 2);
      assertThat(log.lines().get(0))
          .matches("127\\.0\\.0\\.1 GET /client/c/cat//\\.\\.\\. 200 5 bytes [0-9.]+ ms k-1");
      assertThat(log.lines().get(1))
          .matches("127\\.0\\.0\\.1 GET /nothing 404 [0-9]+ bytes [0-9.]+ ms -");
    }
  }

  @Test
  void a_caller_that_left_is_noted_and_bad_bytes_are_not_repeated() throws Exception {
    try (var gateway = TestGateway.start(setup -> setup.options.accessLog(true));
        var log = new CapturedLog("io.restpipe.access")) {
      gateway.peers.answer((name, event) -> new CompletableFuture<>());
      try (RawCaller caller = gateway.connect()) {
        caller.send("GET /client/c/\u00c3\u00a4 HTTP/1.1\r\nHost: h\r\n\r\n");
        await().until(() -> !gateway.peers.events.isEmpty());
      }

      await().until(() -> log.lines().size() == 1);
      assertThat(log.lines().get(0)).startsWith("127.0.0.1 GET /client/c/?? 499 0 bytes");
    }
  }

  @Test
  void it_can_be_switched_off() throws Exception {
    try (var gateway = TestGateway.start();
        var log = new CapturedLog("io.restpipe.access")) {
      gateway.get("/metrics");
      gateway.close();

      assertThat(log.lines()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/a/b?c//d, /a/b",
    "/a/b//c/d, /a/b//...",
    "http://h/a//b, http://h/a//...",
    "*, *",
  })
  void the_path_ends_where_private_things_begin(String target, String path) {
    assertThat(AccessLog.path(target)).isEqualTo(path);
  }

  @Test
  void requests_are_counted_by_the_class_of_their_status() throws Exception {
    var meters = new CountingMetrics();
    try (var gateway = TestGateway.start(setup -> setup.options.metrics(meters))) {
      gateway.peers.reply(event -> Reply.of(0, "", Body.of("hello")));
      gateway.get("/client/c/n");
      gateway.get("/client/c/n");
      gateway.get("/nothing");

      assertThat(meters.gauges.get("gateway.connection.count").getAsLong()).isEqualTo(1);
    }
    assertThat(meters.counts)
        .containsEntry("gateway.request.tick", 3L)
        .containsEntry("gateway.response.2xx.tick", 2L)
        .containsEntry("gateway.response.4xx.tick", 1L)
        .containsEntry("gateway.request.timing", 3L);
    assertThat(meters.gauges.get("gateway.request.running").getAsLong()).isZero();
    assertThat(meters.gauges.get("gateway.connection.count").getAsLong()).isZero();
  }

  /** Counts how often each meter was used. */
  private static final class CountingMetrics implements Metrics {

    private final Map<String, Long> counts = new ConcurrentHashMap<>();
    private final Map<String, LongSupplier> gauges = new ConcurrentHashMap<>();

    @Override
    public Counter counter(String name) {
      return count -> counts.merge(name, count, Long::sum);
    }

    @Override
    public Timer timer(String name) {
      return nanos -> counts.merge(name, 1L, Long::sum);
    }

    @Override
    public void gauge(String name, LongSupplier value) {
      gauges.put(name, value);
    }
  }
}
