package io.restpipe.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** That it runs; how fast things are is no matter of tests. */
@Timeout(120)
class BenchmarkTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private String run(String... arguments) throws Exception {
    Benchmark.run(Options.parse(arguments), new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void measures_both_directions_between_two_processes() throws Exception {
    String table =
        run(
            "--payload",
            "100,100000",
            "--in-flight",
            "4",
            "--rounds",
            "1",
            "--seconds",
            "0.05",
            "--warm-up",
            "0.05");

    List<String> lines = table.lines().toList();
    assertThat(lines).hasSize(3 + 2 * 2 * 3);
    assertThat(lines.get(2)).contains("calls/s", "MB/s", "p99.9 us", "CPU s/1k", "ratio");
    assertThat(lines.get(3)).startsWith("client -> server").contains("100 B", "pipe");
    assertThat(lines.get(lines.size() - 1)).startsWith("server -> client").contains("raw echo");
  }

  @Test
  void writes_json() throws Exception {
    String text =
        run(
            "--json",
            "--payload",
            "64",
            "--in-flight",
            "64",
            "--direction",
            "to-server",
            "--stack",
            "pipe,raw",
            "--rounds",
            "2",
            "--seconds",
            "0.05",
            "--warm-up",
            "0.05");

    JsonNode results = JsonMapper.shared().readTree(text).get("results");
    assertThat(results.size()).isEqualTo(2);
    assertThat(results.get(0).get("callsPerSecond").asDouble()).isPositive();
    assertThat(results.get(0).get("ratio").asDouble()).isPositive();
    assertThat(results.get(0).get("goal").asDouble()).isEqualTo(0.4);
    assertThat(results.get(1).get("stack").asString()).isEqualTo("raw echo");
  }
}
