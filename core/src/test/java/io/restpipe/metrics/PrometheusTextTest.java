package io.restpipe.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {

  private final NodeMetrics metrics = new NodeMetrics();

  @Test
  void is_the_text_format_to_the_letter() {
    metrics.counter("message.send.tick").add(7);
    metrics.counter("message.received.handle.get_time.tick").add(2);
    metrics.counter("message.received.handle.get_cat.tick").add(1);
    metrics.gauge("peers.connected", () -> -4);
    metrics.timer("client.connect.heartbeat.timing").recordNanos(300_000);
    metrics.timer("client.connect.heartbeat.timing").recordNanos(1_000_000);
    metrics.timer("client.connect.heartbeat.timing").recordNanos(45_000_000_123L);

    assertThat(metrics.prometheusText())
        .isEqualTo(
            """
            # HELP restpipe_client_connect_heartbeat_seconds RestPipe meter client.connect.heartbeat.timing
            # TYPE restpipe_client_connect_heartbeat_seconds histogram
            restpipe_client_connect_heartbeat_seconds_bucket{le="0.0001"} 0
            restpipe_client_connect_heartbeat_seconds_bucket{le="0.00025"} 0
            restpipe_client_connect_heartbeat_seconds_bucket{le="0.0005"} 1
            restpipe_client_connect_heartbeat_seconds_bucket{le="0.001"} 2
            restpipe_client_connect_heartbeat_seconds_bucket{le="0.0025"} 2
            restpipe_client_connect_heartbeat_seconds_bucket{le="0.005"} 2
            restpipe_client_connect_heartbeat_seconds_bucket{le="0.01"} 2
            restpipe_client_connect_heartbeat_seconds_bucket{le="0.025"} 2
            restpipe_client_connect_heartbeat_seconds_bucket{le="0.05"} 2
            restpipe_client_connect_heartbeat_seconds_bucket{le="0.1"} 2
            restpipe_client_connect_heartbeat_seconds_bucket{le="0.25"} 2
            restpipe_client_connect_heartbeat_seconds_bucket{le="0.5"} 2
            restpipe_client_connect_heartbeat_seconds_bucket{le="1"} 2
            restpipe_client_connect_heartbeat_seconds_bucket{le="2.5"} 2
            restpipe_client_connect_heartbeat_seconds_bucket{le="5"} 2
            restpipe_client_connect_heartbeat_seconds_bucket{le="10"} 2
            restpipe_client_connect_heartbeat_seconds_bucket{le="30"} 2
            restpipe_client_connect_heartbeat_seconds_bucket{le="+Inf"} 3
            restpipe_client_connect_heartbeat_seconds_sum 45.001300123
            restpipe_client_connect_heartbeat_seconds_count 3
            # HELP restpipe_client_connect_heartbeat_seconds_max RestPipe meter client.connect.heartbeat.timing: the longest of the last minutes
            # TYPE restpipe_client_connect_heartbeat_seconds_max gauge
            restpipe_client_connect_heartbeat_seconds_max 45.000000123
            # HELP restpipe_message_received_handle_total RestPipe meter message.received.handle.HANDLER.tick
            # TYPE restpipe_message_received_handle_total counter
            restpipe_message_received_handle_total{handler="get_cat"} 1
            restpipe_message_received_handle_total{handler="get_time"} 2
            # HELP restpipe_message_send_total RestPipe meter message.send.tick
            # TYPE restpipe_message_send_total counter
            restpipe_message_send_total 7
            # HELP restpipe_peers_connected RestPipe meter peers.connected
            # TYPE restpipe_peers_connected gauge
            restpipe_peers_connected -4
            """);
  }

  @Test
  void nothing_metered_is_no_text() {
    assertThat(metrics.prometheusText()).isEmpty();
  }

  @Test
  void a_handlers_name_is_escaped() {
    metrics.counter("message.received.handle.a\\b\"c\nd.tick").increment();

    assertThat(metrics.prometheusText())
        .contains("restpipe_message_received_handle_total{handler=\"a\\\\b\\\"c\\nd\"} 1\n");
  }

  @Test
  void the_timings_of_all_handlers_are_one_metric() {
    metrics.timer("message.received.handle.get_time.timing").recordNanos(1);
    metrics.timer("message.receive.handle.timing").recordNanos(1);

    assertThat(metrics.prometheusText())
        .contains(
            "restpipe_message_received_handle_seconds_bucket{handler=\"get_time\",le=\"+Inf\"} 1\n")
        .contains("restpipe_message_received_handle_seconds_count{handler=\"get_time\"} 1\n")
        .contains("restpipe_message_receive_handle_seconds_count 1\n");
  }

  @Test
  void of_two_meters_with_one_name_the_first_is_shown() {
    metrics.counter("a.b.tick").add(1);
    metrics.counter("a_b.tick").add(2);
    metrics.gauge("a_b_total", () -> 3);
    metrics.timer("t.timing").recordNanos(0);
    metrics.gauge("t.seconds.max", () -> 4);
    metrics.gauge("t.seconds.count", () -> 5);

    assertThat(metrics.prometheusText())
        .containsOnlyOnce("\nrestpipe_a_b_total ")
        .contains("restpipe_a_b_total 1\n")
        .contains("restpipe_t_seconds_max 0\n")
        .contains("restpipe_t_seconds_count 1\n");
  }

  @Property(tries = 300)
  void any_names_make_a_text_that_parses(
      @ForAll @Size(max = 8) List<@StringLength(min = 1, max = 12) String> names,
      @ForAll @IntRange(max = 1_000_000) int value) {
    var meters = new NodeMetrics();
    for (String name : names) {
      meters.counter(name).add(value);
      meters.counter("message.received.handle." + name + ".tick").add(value);
      meters.timer(name).recordNanos(value);
      meters.gauge(name, () -> value);
    }

    Map<String, String> samples = parse(meters.prometheusText());

    for (String name : names) {
      assertThat(samples)
          .containsEntry(
              "restpipe_message_received_handle_total{handler=\""
                  + name.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
                  + "\"}",
              Long.toString((long) value * names.stream().filter(name::equals).count()));
    }
  }

  private static final Pattern COMMENT =
      Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)", Pattern.DOTALL);
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)"
              + "(\\{[a-z]+=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\"(?:,[a-z]+=\"[^\"]*\")?})?"
              + " (-?[0-9.]+)",
          Pattern.DOTALL);

  /** A strict reader of the format: samples by name and labels. */
  private static Map<String, String> parse(String text) {
    Map<String, String> types = new HashMap<>();
    Set<String> helped = new HashSet<>();
    Map<String, String> samples = new HashMap<>();
    assertThat(text.isEmpty() || text.endsWith("\n")).isTrue();
    for (String line : text.isEmpty() ? new String[0] : text.split("\n", 0)) {
      Matcher comment = COMMENT.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (comment.matches() && comment.group(1).equals("TYPE")) {
        assertThat(types.put(comment.group(2), comment.group(3))).as(line).isNull();
        assertThat(comment.group(3)).isIn("counter", "gauge", "histogram");
      } else if (comment.matches()) {
        assertThat(helped.add(comment.group(2))).as(line).isTrue();
      } else {
        assertThat(sample.matches()).as(line).isTrue();
        String family = sample.group(1).replaceFirst("_seconds_(bucket|sum|count)$", "_seconds");
        assertThat(types).as(line).containsKey(family);
        String key = sample.group(1) + (sample.group(2) == null ? "" : sample.group(2));
        assertThat(samples.put(key, sample.group(3))).as(line).isNull();
      }
    }
    return samples;
  }
}
