package io.restpipe.config;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the text of a setting becomes a value, and what it is called in help and manual. The usual
 * ones are in {@link Types}.
 */
public final class SettingType<T> {

  private final String label;
  private final Parser<? extends T> parser;
  private final boolean acceptsEmpty;
  private final boolean acceptsList;
  private final boolean secret;

  private SettingType(
      String label,
      Parser<? extends T> parser,
      boolean acceptsEmpty,
      boolean acceptsList,
      boolean secret) {
    this.label = label;
    this.parser = parser;
    this.acceptsEmpty = acceptsEmpty;
    this.acceptsList = acceptsList;
    this.secret = secret;
  }

  /** Reads a text; a path in it is relative to a folder, where there is one. */
  @FunctionalInterface
  interface Parser<T> {
    T parse(String text, @Nullable Path folder);
  }

  /**
   * A type.
   *
   * @param label a word for help and manual, for example {@code PORT}
   * @param parser throws {@link IllegalArgumentException} with what would be right, beginning with
   *     "must be"
   */
  public static <T> SettingType<T> of(String label, Function<String, ? extends T> parser) {
    return relative(label, (text, folder) -> parser.apply(text));
  }

  /** As {@link #of}, for a type to which an empty text means something. */
  public static <T> SettingType<T> ofMaybeEmpty(
      String label, Function<String, ? extends T> parser) {
    return new SettingType<>(label, (text, folder) -> parser.apply(text), true, false, false);
  }

  static <T> SettingType<T> relative(String label, Parser<? extends T> parser) {
    return new SettingType<>(label, parser, false, false, false);
  }

  SettingType<T> acceptingEmpty() {
    return new SettingType<>(label, parser, true, acceptsList, secret);
  }

  /** Of a list, the parser gets one item a line. */
  SettingType<T> acceptingList() {
    return new SettingType<>(label, parser, acceptsEmpty, true, secret);
  }

  SettingType<T> kept() {
    return new SettingType<>(label, parser, acceptsEmpty, acceptsList, true);
  }

  /** The same with bounds, both included. */
  SettingType<T> within(Comparator<T> order, @Nullable String least, @Nullable String most) {
    T atLeast = least == null ? null : parse(least);
    T atMost = most == null ? null : parse(most);
    Parser<T> bounded =
        (text, folder) -> {
          T value = parser.parse(text, folder);
          if ((atLeast != null && order.compare(value, atLeast) < 0)
              || (atMost != null && order.compare(value, atMost) > 0)) {
            throw new IllegalArgumentException("must be " + range(least, most));
          }
          return value;
        };
    return new SettingType<>(label, bounded, acceptsEmpty, acceptsList, secret);
  }

  private static String range(@Nullable String least, @Nullable String most) {
    if (least == null) {
      return "at most " + most;
    }
    return most == null ? "at least " + least : least + " to " + most;
  }

  public String label() {
    return label;
  }

  /** Whether empty is a value; if not, an empty variable counts as unset. */
  public boolean acceptsEmpty() {
    return acceptsEmpty;
  }

  boolean acceptsList() {
    return acceptsList;
  }

  /** Whether the value is never printed. */
  public boolean isSecret() {
    return secret;
  }

  /**
   * The value of a text.
   *
   * @throws IllegalArgumentException that says what would be right
   */
  public T parse(String text) {
    return parse(text, null);
  }

  T parse(String text, @Nullable Path folder) {
    return parser.parse(text, folder);
  }
}
