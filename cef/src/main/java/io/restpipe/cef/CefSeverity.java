package io.restpipe.cef;

import java.util.Objects;
import java.util.Optional;

/** How bad an event is: a number from 0 to 10, or one of five words. Written as it was made. */
public final class CefSeverity {

  public static final CefSeverity UNKNOWN = new CefSeverity("Unknown", -1);
  public static final CefSeverity LOW = new CefSeverity("Low", -1);
  public static final CefSeverity MEDIUM = new CefSeverity("Medium", -1);
  public static final CefSeverity HIGH = new CefSeverity("High", -1);
  public static final CefSeverity VERY_HIGH = new CefSeverity("Very-High", -1);

  private static final CefSeverity[] WORDS = {UNKNOWN, LOW, MEDIUM, HIGH, VERY_HIGH};
  private static final CefSeverity[] NUMBERS = numbers();

  private final String text;
  private final int number;

  private CefSeverity(String text, int number) {
    this.text = text;
    this.number = number;
  }

  private static CefSeverity[] numbers() {
    var numbers = new CefSeverity[11];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = new CefSeverity(Integer.toString(i), i);
    }
    return numbers;
  }

  /**
   * The severity of that number.
   *
   * @throws IllegalArgumentException if it is not 0 to 10
   */
  public static CefSeverity of(int number) {
    if (number < 0 || number > 10) {
      throw new IllegalArgumentException(
          "severity " + number + ": must be 0 (least) to 10 (worst)");
    }
    return NUMBERS[number];
  }

  /** The severity of that text: 0 to 10, or a word of the standard in any case. */
  public static Optional<CefSeverity> find(String text) {
    for (CefSeverity severity : NUMBERS) {
      if (severity.text.equals(text)) {
        return Optional.of(severity);
      }
    }
    for (CefSeverity severity : WORDS) {
      if (severity.text.equalsIgnoreCase(text)) {
        return Optional.of(severity);
      }
    }
    return Optional.empty();
  }

  /** What another producer wrote where a severity belongs; only the lenient parser lets it in. */
  static CefSeverity foreign(String text) {
    return find(text).orElseGet(() -> new CefSeverity(text, -1));
  }

  /** The word: itself, or the band of the number (0-3 Low, 4-6 Medium, 7-8 High, 9-10 worst). */
  public CefSeverity word() {
    if (number < 0) {
      return find(text.replace(' ', '-')).orElse(UNKNOWN);
    }
    if (number <= 3) {
      return LOW;
    }
    if (number <= 6) {
      return MEDIUM;
    }
    return number <= 8 ? HIGH : VERY_HIGH;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CefSeverity that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return Objects.hash(text);
  }

  /** As it is written: {@code 5}, or {@code Very-High}. */
  @Override
  public String toString() {
    return text;
  }
}
