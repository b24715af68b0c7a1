package io.restpipe.pipe.internal.dispatch;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The types that a URL parameter can be declared with. */
final class Converters {

  /** Parsing takes time that grows with the square of the length. */
  private static final int LONGEST_NUMBER = 1000;

  /** A short exponent can name a number that fills the memory as soon as it is computed with. */
  private static final int LARGEST_SCALE = 100_000;

  private static final Map<Class<?>, Converter> BY_TYPE = table();

  private Converters() {}

  /** The converter to a type; null if there is none. */
  static @Nullable Converter of(Class<?> type) {
    Converter converter = BY_TYPE.get(type);
    return converter == null && type.isEnum() ? ofEnum(type) : converter;
  }

  private static Map<Class<?>, Converter> table() {
    var table = new HashMap<Class<?>, Converter>();
    table.put(String.class, new Converter("a string", text -> text));
    addNumbers(table);
    Converter bool = new Converter("true or false", Converters::bool);
    table.put(boolean.class, bool);
    table.put(Boolean.class, bool);
    Converter character = new Converter("a single character", Converters::character);
    table.put(char.class, character);
    table.put(Character.class, character);
    table.put(UUID.class, new Converter("a UUID", Converters::uuid));
    table.put(Path.class, new Converter("a plain file name", Converters::fileName));
    addTimes(table);
    return Map.copyOf(table);
  }

  private static void addNumbers(Map<Class<?>, Converter> table) {
    add(table, byte.class, Byte.class, new Converter("a byte", Byte::valueOf));
    add(table, short.class, Short.class, new Converter("a short", Short::valueOf));
    add(table, int.class, Integer.class, new Converter("an int", Integer::valueOf));
    add(table, long.class, Long.class, new Converter("a long", Long::valueOf));
    add(table, float.class, Float.class, new Converter("a float", Converters::toFloat));
    add(table, double.class, Double.class, new Converter("a double", Converters::toDouble));
    table.put(BigInteger.class, new Converter("an integer", text -> new BigInteger(brief(text))));
    table.put(BigDecimal.class, new Converter("a decimal number", Converters::decimal));
  }

  private static void add(
      Map<Class<?>, Converter> table, Class<?> primitive, Class<?> wrapper, Converter converter) {
    table.put(primitive, converter);
    table.put(wrapper, converter);
  }

  private static void addTimes(Map<Class<?>, Converter> table) {
    iso(table, Instant.class, "2026-01-31T12:00:00Z", Instant::parse);
    iso(table, Duration.class, "PT1M30S", Duration::parse);
    iso(table, Period.class, "P1M", Period::parse);
    iso(table, LocalDate.class, "2026-01-31", LocalDate::parse);
    iso(table, LocalTime.class, "12:00:00", LocalTime::parse);
    iso(table, LocalDateTime.class, "2026-01-31T12:00:00", LocalDateTime::parse);
    iso(table, OffsetTime.class, "12:00:00+01:00", OffsetTime::parse);
    iso(table, OffsetDateTime.class, "2026-01-31T12:00:00+01:00", OffsetDateTime::parse);
    iso(
        table,
        ZonedDateTime.class,
        "2026-01-31T12:00:00+01:00[Europe/Berlin]",
        ZonedDateTime::parse);
    iso(table, Year.class, "2026", Year::parse);
    iso(table, YearMonth.class, "2026-01", YearMonth::parse);
    iso(table, MonthDay.class, "--01-31", MonthDay::parse);
    iso(table, ZoneId.class, "Europe/Berlin", ZoneId::of);
    iso(table, ZoneOffset.class, "+01:00", ZoneOffset::of);
  }

  private static void iso(
      Map<Class<?>, Converter> table, Class<?> type, String example, Converter.Parse parse) {
    String article = article(type.getSimpleName()) + " such as " + example;
    table.put(type, new Converter(article, parse));
  }

  private static String article(String noun) {
    return ("AEIOU".indexOf(noun.charAt(0)) >= 0 ? "an " : "a ") + noun;
  }

  private static Object bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static Object character(String text) {
    if (text.length() != 1) {
      throw new IllegalArgumentException(text);
    }
    return text.charAt(0);
  }

  /** The JDK's parser alone also takes {@code 1-1-1-1-1}. */
  private static Object uuid(String text) {
    if (text.length() != 36) {
      throw new IllegalArgumentException(text);
    }
    return UUID.fromString(text);
  }

  private static Object toFloat(String text) {
    float number = Float.parseFloat(decimalDigits(text));
    if (!Float.isFinite(number)) {
      throw new IllegalArgumentException(text);
    }
    return number;
  }

  private static Object toDouble(String text) {
    double number = Double.parseDouble(decimalDigits(text));
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException(text);
    }
    return number;
  }

  private static Object decimal(String text) {
    var number = new BigDecimal(brief(text));
    if (Math.abs((long) number.scale()) > LARGEST_SCALE) {
      throw new IllegalArgumentException(text);
    }
    return number;
  }

  private static String brief(String text) {
    if (text.length() > LONGEST_NUMBER) {
      throw new IllegalArgumentException("longer than " + LONGEST_NUMBER + " digits");
    }
    return text;
  }

  /** Refuses what only Java source code knows: {@code 1d}, {@code 0x1p3}, blanks. */
  private static String decimalDigits(String text) {
    for (int i = 0; i < brief(text).length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && "+-.eE".indexOf(c) < 0) {
        throw new NumberFormatException(text);
      }
    }
    return text;
  }

  /** One name within a folder, so that a handler can resolve it without leaving the folder. */
  private static Object fileName(String text) {
    boolean dots = text.equals(".") || text.equals("..");
    if (text.isEmpty() || dots || text.startsWith("~")) {
      throw new IllegalArgumentException(text);
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '/' || c == '\\' || Character.isISOControl(c)) {
        throw new IllegalArgumentException(text);
      }
    }
    Path path = Path.of(text);
    if (path.getNameCount() != 1 || path.getRoot() != null) {
      throw new IllegalArgumentException(text);
    }
    return path;
  }

  private static Converter ofEnum(Class<?> type) {
    var exact = new LinkedHashMap<String, Object>();
    var anyCase = new HashMap<String, Object>();
    for (Object constant : type.getEnumConstants()) {
      String name = ((Enum<?>) constant).name();
      exact.put(name, constant);
      anyCase.putIfAbsent(name.toLowerCase(Locale.ROOT), constant);
    }
    String names =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> ((Enum<?>) constant).name())
            .collect(Collectors.joining(", "));
    return new Converter(
        "one of " + names,
        text -> {
          Object constant = exact.get(text);
          if (constant == null) {
            constant = anyCase.get(text.toLowerCase(Locale.ROOT));
          }
          if (constant == null) {
            throw new IllegalArgumentException(text);
          }
          return constant;
        });
  }
}
