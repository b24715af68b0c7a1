package io.restpipe.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodeMetricsTest {

  private final NodeMetrics metrics = new NodeMetrics();

  @Test
  void a_name_always_leads_to_the_same_meter() {
    metrics.counter("message.send.tick").increment();
    metrics.counter("message.send.tick").add(2);

    assertThat(metrics.prometheusText()).contains("restpipe_message_send_total 3\n");
  }

  @Test
  void counts_of_many_threads_add_up() {
    var counter = metrics.counter("message.send.tick");
    var timer = metrics.timer("message.send.timing");

    CompletableFuture<?>[] threads =
        IntStream.range(0, 4)
            .mapToObj(
                thread ->
                    CompletableFuture.runAsync(
                        () -> {
                          for (int i = 0; i < 10_000; i++) {
                            counter.increment();
                            timer.recordNanos(1_000_000);
                          }
                        }))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(threads).join();

    assertThat(metrics.prometheusText())
        .contains("restpipe_message_send_total 40000\n")
        .contains("restpipe_message_send_seconds_sum 40\n")
        .contains("restpipe_message_send_seconds_count 40000\n");
  }

  @Test
  void a_gauge_is_read_when_asked_and_can_be_replaced() {
    metrics.gauge("peers.connected", () -> 3);
    metrics.gauge("peers.connected", () -> 5);

    assertThat(metrics.prometheusText()).contains("restpipe_peers_connected 5\n");
  }

  @Test
  void a_gauge_that_fails_does_not_spoil_the_others() {
    metrics.gauge(
        "broken",
        () -> {
          throw new IllegalStateException("closed");
        });
    metrics.gauge("whole", () -> 1);

    assertThat(metrics.prometheusText()).doesNotContain("broken").contains("restpipe_whole 1\n");
  }

  @Test
  void a_negative_duration_counts_as_zero() {
    metrics.timer("message.send.timing").recordNanos(-5);

    assertThat(metrics.prometheusText())
        .contains("restpipe_message_send_seconds_sum 0\n")
        .contains("restpipe_message_send_seconds_count 1\n");
  }

  @Test
  void names_beyond_the_limit_go_nowhere() {
    for (int i = 0; i <= NodeMetrics.MAX_NAMES; i++) {
      metrics.counter("meter" + i + ".tick").increment();
    }
    metrics.timer("late.timing").recordNanos(1);
    metrics.gauge("late", () -> 1);
    metrics.counter("meter0.tick").increment();

    assertThat(metrics.prometheusText())
        .contains("restpipe_meter0_total 2\n")
        .contains("restpipe_meter1999_total 1\n")
        .doesNotContain("restpipe_meter2000_total")
        .doesNotContain("late");
  }

  @Test
  void the_longest_duration_is_that_of_the_last_two_windows() {
    long minute = 60_000_000_000L;
    var timer = new TimerMeter(false, 0);

    timer.recordNanos(700);
    assertThat(timer.longestNanos(minute - 1)).isEqualTo(700);
    assertThat(timer.longestNanos(minute)).isEqualTo(700);
    timer.recordNanos(300);
    assertThat(timer.longestNanos(2 * minute - 1)).isEqualTo(700);
    assertThat(timer.longestNanos(2 * minute)).isEqualTo(300);
    assertThat(timer.longestNanos(3 * minute)).isZero();
  }

  @Test
  void a_reservoir_keeps_a_fair_sample_of_bounded_size() {
    var reservoir = new Reservoir();
    for (int i = 0; i < 7; i++) {
      reservoir.offer(i);
    }
    assertThat(reservoir.samples()).containsExactly(0, 1, 2, 3, 4, 5, 6);

    long sum = 0;
    int rounds = 2_000;
    for (int round = 0; round < rounds; round++) {
      var longer = new Reservoir();
      for (int i = 0; i < 1_000; i++) {
        longer.offer(i);
      }
      assertThat(longer.samples()).hasSize(Reservoir.SIZE);
      for (long sample : longer.samples()) {
        sum += sample;
      }
    }
    // 40,000 samples of 0 to 999: the mean is within 10 of 499.5, seven deviations away.
    assertThat((double) sum / rounds / Reservoir.SIZE).isBetween(489.5, 509.5);
  }
}
