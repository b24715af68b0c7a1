package io.restpipe.cef;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes values of the right types out of a section and collects what is wrong with them. Of a wrong
 * value the default is given, so that reading goes on. Values may be of the types that
 * configuration files are read into: text, numbers, booleans, lists.
 */
final class SectionReader {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");
  private static final long MOST_GIB = 1024;
  private static final Pattern SIZE = Pattern.compile("(\\d{1,13})\\s*([kmg]?)b?");

  private final Map<String, String> values = new TreeMap<>();
  private final Set<String> known = new LinkedHashSet<>();
  private final List<CefConfigException.Wrong> problems = new ArrayList<>();

  SectionReader(Map<String, ?> section) {
    section.forEach((key, value) -> values.put(key.strip().toLowerCase(Locale.ROOT), text(value)));
  }

  private static String text(@Nullable Object value) {
    if (value instanceof Collection<?> list) {
      return list.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
    return value == null ? "" : value.toString().strip();
  }

  /** The section as it was understood: keys in lower case, values as text. */
  Map<String, String> values() {
    return Map.copyOf(values);
  }

  /** The text of the key, or null if it is missing or blank. */
  @Nullable String text(String key) {
    known.add(key);
    String value = values.get(key);
    return value == null || value.isEmpty() ? null : value;
  }

  String text(String key, String otherwise) {
    String value = text(key);
    return value == null ? otherwise : value;
  }

  private <T> T read(String key, T otherwise, String rule, Function<String, Optional<T>> reading) {
    String value = text(key);
    if (value == null) {
      return otherwise;
    }
    Optional<T> read = reading.apply(value.toLowerCase(Locale.ROOT));
    if (read.isEmpty()) {
      wrong(key, rule);
    }
    return read.orElse(otherwise);
  }

  int number(String key, int otherwise, int least, int most) {
    return read(
        key,
        otherwise,
        "must be " + least + " to " + most,
        text ->
            Optional.of(text)
                .filter(digits -> digits.matches("\\d{1,9}"))
                .map(Integer::valueOf)
                .filter(number -> number >= least && number <= most));
  }

  boolean flag(String key, boolean otherwise) {
    return read(
        key,
        otherwise,
        "must be true or false",
        text ->
            switch (text) {
              case "true", "1", "yes", "on" -> Optional.of(true);
              case "false", "0", "no", "off" -> Optional.of(false);
              default -> Optional.empty();
            });
  }

  <E extends Enum<E>> E choice(String key, E otherwise) {
    E[] all = otherwise.getDeclaringClass().getEnumConstants();
    String names = Arrays.stream(all).map(SectionReader::name).collect(Collectors.joining(", "));
    return read(
        key,
        otherwise,
        "must be one of " + names,
        text ->
            Arrays.stream(all)
                .filter(one -> name(one).replace("_", "").equals(text.replace("_", "")))
                .findFirst());
  }

  /** As documented: {@code every_second}, but {@code rfc3164}. */
  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replaceAll("_(?=\\d)", "");
  }

  Duration duration(String key, Duration otherwise, String least, String most) {
    return read(
        key,
        otherwise,
        "must be " + least + " to " + most + ", in ms, s, m, h or d",
        text -> time(text).filter(time -> isBetween(time, least, most)));
  }

  private static boolean isBetween(Duration time, String least, String most) {
    return time.compareTo(time(least).orElseThrow()) >= 0
        && time.compareTo(time(most).orElseThrow()) <= 0;
  }

  private static Optional<Duration> time(String text) {
    Matcher parts = DURATION.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(parts.group(1));
    return Optional.of(
        switch (parts.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ofDays(number);
        });
  }

  long size(String key, long otherwise, long least) {
    return read(
        key,
        otherwise,
        "must be " + least + " bytes to " + MOST_GIB + "g, such as 65536, 64k, 10m or 1g",
        text -> bytes(text).filter(bytes -> bytes >= least && bytes <= MOST_GIB << 30));
  }

  private static Optional<Long> bytes(String text) {
    Matcher parts = SIZE.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(parts.group(1));
    int shift = parts.group(2).isEmpty() ? 0 : 10 * "kmg".indexOf(parts.group(2)) + 10;
    return Optional.of(number).filter(it -> it <= Long.MAX_VALUE >> shift).map(it -> it << shift);
  }

  ZoneId zone(String key, ZoneId otherwise) {
    String value = text(key);
    if (value == null) {
      return otherwise;
    }
    try {
      return ZoneId.of(value);
    } catch (DateTimeException e) {
      wrong(key, "must be a time zone such as UTC, +02:00 or Europe/Berlin");
      return otherwise;
    }
  }

  /** The words of a list, which may be parted by commas and blanks. */
  List<String> words(String key) {
    String value = text(key);
    return value == null ? List.of() : List.of(value.split("[,\\s]+"));
  }

  /** Notes that the value of a key is wrong. */
  void wrong(String key, String rule) {
    problems.add(
        new CefConfigException.Wrong(key, Text.header(values.getOrDefault(key, "")), rule));
  }

  /** Notes that a key must be there. */
  void missing(String key, String rule) {
    problems.add(new CefConfigException.Wrong(key, null, rule));
  }

  /**
   * Ends reading.
   *
   * @throws CefConfigException if anything was wrong, or a key has no meaning
   */
  void check() {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        problems.add(
            new CefConfigException.Wrong(
                Text.header(key),
                Text.header(values.getOrDefault(key, "")),
                "there is no such key; did you mean cef." + nearest(key) + "?"));
      }
    }
    if (!problems.isEmpty()) {
      throw new CefConfigException(problems);
    }
  }

  private String nearest(String key) {
    return known.stream()
        .min((one, other) -> Integer.compare(distance(key, one), distance(key, other)))
        .orElse("");
  }

  /** How many letters must be changed, added or removed to make one word the other. */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j - 1], row[j]) + 1);
      }
    }
    return row[other.length()];
  }
}
