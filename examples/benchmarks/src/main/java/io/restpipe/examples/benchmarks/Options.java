package io.restpipe.examples.benchmarks;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What to measure: the program's arguments. */
final class Options {

  static final String USAGE =
      """
      Options, with their defaults; lists are separated by commas:
        --payload 64,1024,65536,1048576   bytes of body, there and back
        --in-flight 1,64,256              calls under way at a time
        --direction to-server,to-client   who calls: the client or the server
        --stack pipe,pipe-once,raw        RestPipe called with PUT, with POST, and the bare echo
        --rounds 5                        rounds of each stack; the medians are shown
        --seconds 2                       length of a round
        --warm-up 3                       seconds that each stack runs before its first round
        --goals                           only the combinations that have a goal
        --json                            a JSON document instead of the table
      """;

  private List<Integer> payloads = List.of(64, 1024, 64 * 1024, 1024 * 1024);
  private List<Integer> inFlight = List.of(1, 64, 256);
  private List<Direction> directions = List.of(Direction.values());
  private List<Stack> stacks = List.of(Stack.values());
  private int rounds = 5;
  private Duration round = Duration.ofSeconds(2);
  private Duration warmUp = Duration.ofSeconds(3);
  private boolean goalsOnly;
  private boolean json;

  private Options() {}

  /**
   * Reads the program's arguments.
   *
   * @throws IllegalArgumentException with a sentence about what is wrong
   */
  static Options parse(String... arguments) {
    var options = new Options();
    var rest = new ArrayDeque<>(Arrays.asList(arguments));
    while (!rest.isEmpty()) {
      String name = rest.remove();
      switch (name) {
        case "--goals" -> options.goalsOnly = true;
        case "--json" -> options.json = true;
        default -> options.set(name, rest);
      }
    }
    return options;
  }

  private void set(String name, ArrayDeque<String> rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(name + " is unknown or lacks a value");
    }
    String value = rest.remove();
    switch (name) {
      case "--payload" -> payloads = list(value, text -> number(name, text));
      case "--in-flight" -> inFlight = list(value, text -> number(name, text));
      case "--direction" -> directions = list(value, text -> constant(Direction.class, text));
      case "--stack" -> stacks = list(value, text -> constant(Stack.class, text));
      case "--rounds" -> rounds = number(name, value);
      case "--seconds" -> round = seconds(name, value);
      case "--warm-up" -> warmUp = seconds(name, value);
      default -> throw new IllegalArgumentException(name + " is unknown");
    }
  }

  private static <T> List<T> list(String value, Function<String, T> element) {
    return Arrays.stream(value.split(",", -1)).map(element).toList();
  }

  private static int number(String name, String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Said below.
    }
    throw new IllegalArgumentException(name + " must be a whole number from 1: " + text);
  }

  private static Duration seconds(String name, String text) {
    try {
      long millis = Math.round(Double.parseDouble(text) * 1000);
      if (millis >= 1) {
        return Duration.ofMillis(millis);
      }
    } catch (NumberFormatException notANumber) {
      // Said below.
    }
    throw new IllegalArgumentException(name + " must be a number of seconds: " + text);
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String text) {
    try {
      return Enum.valueOf(type, text.replace('-', '_').toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw new IllegalArgumentException(text + " is not one of " + names(type), unknown);
    }
  }

  private static <E extends Enum<E>> String names(Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> constant.name().replace('_', '-').toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  /** The combinations in one direction. */
  List<Cell> cells(Direction direction) {
    return payloads.stream()
        .flatMap(payload -> inFlight.stream().map(calls -> new Cell(direction, payload, calls)))
        .filter(cell -> !goalsOnly || cell.goal().isPresent())
        .toList();
  }

  List<Direction> directions() {
    return directions;
  }

  List<Stack> stacks() {
    return stacks;
  }

  int rounds() {
    return rounds;
  }

  Duration round() {
    return round;
  }

  Duration warmUp() {
    return warmUp;
  }

  boolean json() {
    return json;
  }
}
