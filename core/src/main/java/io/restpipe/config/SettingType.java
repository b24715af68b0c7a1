package io.restpipe.config;

import java.util.function.Function;

/**
 * How the text of a setting becomes a value, and what it is called in help and manual. The usual
 * ones are in {@link Types}.
 */
public final class SettingType<T> {

  private final String label;
  private final boolean acceptsEmpty;
  private final Function<String, ? extends T> parser;

  private SettingType(String label, boolean acceptsEmpty, Function<String, ? extends T> parser) {
    this.label = label;
    this.acceptsEmpty = acceptsEmpty;
    this.parser = parser;
  }

  /**
   * A type.
   *
   * @param label a word for help and manual, for example {@code PORT}
   * @param parser throws {@link IllegalArgumentException} with what would be right, beginning with
   *     "must be"
   */
  public static <T> SettingType<T> of(String label, Function<String, ? extends T> parser) {
    return new SettingType<>(label, false, parser);
  }

  /** As {@link #of}, for a type to which an empty text means something. */
  public static <T> SettingType<T> ofMaybeEmpty(
      String label, Function<String, ? extends T> parser) {
    return new SettingType<>(label, true, parser);
  }

  public String label() {
    return label;
  }

  /** Whether empty is a value; if not, an empty variable counts as unset. */
  public boolean acceptsEmpty() {
    return acceptsEmpty;
  }

  /**
   * The value of a text.
   *
   * @throws IllegalArgumentException that says what would be right
   */
  public T parse(String text) {
    return parser.apply(text);
  }
}
