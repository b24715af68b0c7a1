package io.restpipe.cef;

import java.time.ZoneId;
import java.util.OptionalInt;

/**
 * An extension key of the standard's dictionary with the type of its values. All of them are in
 * {@link CefKeys}.
 *
 * @param <T> String, Long, Double, InetAddress or Instant
 */
public final class CefKey<T> {

  /** Who sets a key. */
  public enum Audience {
    /** Whoever makes the event. */
    PRODUCER("producer"),
    /** Whoever collects it; an event that is made must not carry it. */
    CONSUMER("consumer"),
    /** Either. */
    BOTH("both");

    private final String words;

    Audience(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  private final String name;
  private final String fullName;
  private final CefType type;
  private final Class<T> values;
  private final Audience audience;
  private final int maxLength;
  private final String meaning;

  CefKey(
      String name,
      String fullName,
      CefType type,
      Class<T> values,
      Audience audience,
      int maxLength,
      String meaning) {
    this.name = name;
    this.fullName = fullName;
    this.type = type;
    this.values = values;
    this.audience = audience;
    this.maxLength = maxLength;
    this.meaning = meaning;
  }

  /** The short name, which is what is written: {@code src}. */
  public String name() {
    return name;
  }

  /** The long name, for people: {@code sourceAddress}. */
  public String fullName() {
    return fullName;
  }

  public CefType type() {
    return type;
  }

  public Audience audience() {
    return audience;
  }

  /** The version of the standard that brought it: 0.1 or 1.2. */
  public String since() {
    return audience == Audience.BOTH ? "1.2" : "0.1";
  }

  /** How many characters a text may have; empty for all that is not text. */
  public OptionalInt maxLength() {
    return maxLength == 0 ? OptionalInt.empty() : OptionalInt.of(maxLength);
  }

  public String meaning() {
    return meaning;
  }

  /** Whether its values mean nothing without the label that belongs to it. */
  boolean isLabelled() {
    return CefKeys.find(name + "Label").isPresent();
  }

  boolean isLabel() {
    return name.endsWith("Label");
  }

  String write(Object value) {
    return Values.write(this, value);
  }

  T read(String text) {
    return values.cast(Values.read(type, text));
  }

  T readForeign(String text, ZoneId zone) {
    return values.cast(Values.readForeign(type, text, zone));
  }

  @Override
  public String toString() {
    return name;
  }
}
