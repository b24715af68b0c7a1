package io.restpipe.examples.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** Results as text: a table for people, or JSON. */
final class Report {

  private Report() {}

  static String heading() {
    return line(
        "direction",
        "payload",
        "in flight",
        "stack",
        "calls/s",
        "MB/s",
        "p50 us",
        "p99 us",
        "p99.9 us",
        "CPU s/1k",
        "ratio");
  }

  /** One row a stack, with its ratio to the bare echo. */
  static String rows(Result result) {
    Cell cell = result.cell();
    var rows = new StringBuilder();
    result
        .medians()
        .forEach(
            (stack, m) ->
                rows.append(
                    line(
                        cell.direction(),
                        cell.payloadText(),
                        cell.inFlight(),
                        stack,
                        number("%.0f", m.callsPerSecond()),
                        number("%.1f", m.megabytesPerSecond()),
                        number("%.0f", m.p50Micros()),
                        number("%.0f", m.p99Micros()),
                        number("%.0f", m.p999Micros()),
                        number("%.4f", m.cpuPerThousandCalls()),
                        ratio(result, stack))));
    return rows.toString();
  }

  private static String ratio(Result result, Stack stack) {
    if (result.ratio(stack).isEmpty()) {
      return "";
    }
    double ratio = result.ratio(stack).getAsDouble();
    String text = number("%.2f", ratio);
    if (result.cell().goal().isEmpty()) {
      return text;
    }
    double goal = result.cell().goal().getAsDouble();
    return text + (ratio >= goal ? " reaches " : " MISSES ") + goal;
  }

  private static String line(Object... columns) {
    return String.format(
        Locale.ROOT, "%-17s %8s %9s  %-10s %10s %9s %9s %9s %10s %9s  %s%n", columns);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  static String json(String machine, List<Result> results) {
    var rows = new StringJoiner(",\n    ", "[\n    ", "\n  ]");
    for (Result result : results) {
      for (Map.Entry<Stack, Measurement> entry : result.medians().entrySet()) {
        rows.add(json(result, entry.getKey(), entry.getValue()));
      }
    }
    String escaped = machine.replace("\\", "\\\\").replace("\"", "\\\"");
    return "{\n  \"machine\": \"" + escaped + "\",\n  \"results\": " + rows + "\n}\n";
  }

  private static String json(Result result, Stack stack, Measurement m) {
    var fields = new StringJoiner(", ", "{", "}");
    Cell cell = result.cell();
    fields.add("\"direction\": \"" + cell.direction() + '"');
    fields.add("\"payload\": " + cell.payload());
    fields.add("\"inFlight\": " + cell.inFlight());
    fields.add("\"stack\": \"" + stack + '"');
    fields.add("\"callsPerSecond\": " + number("%.1f", m.callsPerSecond()));
    fields.add("\"megabytesPerSecond\": " + number("%.3f", m.megabytesPerSecond()));
    fields.add("\"p50Micros\": " + number("%.1f", m.p50Micros()));
    fields.add("\"p99Micros\": " + number("%.1f", m.p99Micros()));
    fields.add("\"p999Micros\": " + number("%.1f", m.p999Micros()));
    fields.add("\"cpuSecondsPerThousandCalls\": " + number("%.6f", m.cpuPerThousandCalls()));
    result
        .ratio(stack)
        .ifPresent(
            ratio -> {
              fields.add("\"ratio\": " + number("%.3f", ratio));
              cell.goal().ifPresent(goal -> fields.add("\"goal\": " + goal));
            });
    return fields.toString();
  }
}
