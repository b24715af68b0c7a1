package io.restpipe.examples.benchmarks;

import io.netty.channel.epoll.Epoll;
import io.restpipe.pipe.internal.tls.TlsEngine;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Measures calls through the pipe beside the same calls through a bare echo. The stacks take turns,
 * round by round, so that whatever else the machine does hits both; the medians are shown.
 */
public final class Benchmark {

  private final Options options;
  private final PrintStream out;

  private Benchmark(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.err.println(Options.USAGE);
      System.exit(2);
      return;
    }
    run(options, System.out);
  }

  static List<Result> run(Options options, PrintStream out)
      throws IOException, InterruptedException {
    return new Benchmark(options, out).run();
  }

  private List<Result> run() throws IOException, InterruptedException {
    List<Result> results = new ArrayList<>();
    if (!options.json()) {
      out.println(machine());
      out.println();
      out.print(Report.heading());
    }
    for (Direction direction : options.directions()) {
      try (Pair pair = Pair.start(direction, options.stacks())) {
        for (Cell cell : options.cells(direction)) {
          Result result = measure(pair, cell);
          results.add(result);
          if (!options.json()) {
            out.print(Report.rows(result));
          }
        }
      }
    }
    if (options.json()) {
      out.print(Report.json(machine(), results));
    }
    return results;
  }

  private Result measure(Pair pair, Cell cell) throws IOException, InterruptedException {
    for (Stack stack : options.stacks()) {
      Load.run(pair.caller(stack), cell.payload(), cell.inFlight(), options.warmUp());
    }
    Map<Stack, List<Measurement>> rounds = new EnumMap<>(Stack.class);
    for (int round = 0; round < options.rounds(); round++) {
      for (Stack stack : options.stacks()) {
        rounds.computeIfAbsent(stack, unused -> new ArrayList<>()).add(round(pair, cell, stack));
      }
    }
    Map<Stack, Measurement> medians = new EnumMap<>(Stack.class);
    rounds.forEach((stack, each) -> medians.put(stack, Measurement.median(each)));
    return new Result(cell, medians);
  }

  private Measurement round(Pair pair, Cell cell, Stack stack)
      throws IOException, InterruptedException {
    long cpuBefore = pair.cpuNanos();
    Load.Outcome outcome =
        Load.run(pair.caller(stack), cell.payload(), cell.inFlight(), options.round());
    return Measurement.of(outcome, cell.payload(), pair.cpuNanos() - cpuBefore);
  }

  private static String machine() {
    return "Java %s, %s, %s, %s, %d processors"
        .formatted(
            Runtime.version(),
            System.getProperty("os.name") + " " + System.getProperty("os.arch"),
            TlsEngine.preferred().description(),
            Epoll.isAvailable() ? "epoll" : "nio",
            Runtime.getRuntime().availableProcessors());
  }
}
