package io.restpipe.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 5s}, {@code 2m30s}, {@code 250ms}. */
final class Durations {

  private static final String NUMBER = "(\\d{1,9}(?:\\.\\d{1,9})?)";

  /** The longer unit first. Without a unit, seconds. */
  private static final Pattern PARTS =
      Pattern.compile(
          "(?:%1$sd)?(?:%1$sh)?(?:%1$sm)?(?:%1$ss)?(?:%1$sms)?(?:%1$sus)?(?:%1$sns)?"
              .formatted(NUMBER));

  private static final Pattern SECONDS = Pattern.compile(NUMBER);
  private static final String[] UNITS = {"d", "h", "m", "s", "ms", "us", "ns"};
  private static final long[] NANOS = {
    86_400_000_000_000L, 3_600_000_000_000L, 60_000_000_000L, 1_000_000_000L, 1_000_000L, 1_000L, 1L
  };

  private Durations() {}

  /**
   * Reads a duration.
   *
   * @throws IllegalArgumentException that says what would be right
   */
  static Duration parse(String text) {
    Matcher seconds = SECONDS.matcher(text);
    if (seconds.matches()) {
      return nanos(new BigDecimal(text).movePointRight(9));
    }
    Matcher parts = PARTS.matcher(text);
    if (text.isEmpty() || !parts.matches()) {
      throw wrong();
    }
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < UNITS.length; i++) {
      if (parts.group(i + 1) != null) {
        sum = sum.add(new BigDecimal(parts.group(i + 1)).multiply(BigDecimal.valueOf(NANOS[i])));
      }
    }
    return nanos(sum);
  }

  private static Duration nanos(BigDecimal nanos) {
    try {
      return Duration.ofNanos(nanos.longValueExact());
    } catch (ArithmeticException tooFineOrTooLong) {
      throw wrong();
    }
  }

  private static IllegalArgumentException wrong() {
    return new IllegalArgumentException(
        "must be a duration such as 5s, 2m30s or 250ms, or a number of seconds");
  }

  /** The shortest way to write it. */
  static String text(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    if (duration.isNegative() || duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0) {
      return duration.toString();
    }
    var text = new StringBuilder();
    long rest = duration.toNanos();
    for (int i = 0; i < UNITS.length; i++) {
      if (rest >= NANOS[i]) {
        text.append(rest / NANOS[i]).append(UNITS[i]);
        rest %= NANOS[i];
      }
    }
    return text.toString();
  }
}
