package io.restpipe.config;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be set: its key, the names it goes by in the environment and on the command
 * line, its type, its default and a line of help. Flags, error messages and the reference page all
 * come from here.
 */
public final class Setting<T> {

  private final String key;
  private final SettingType<T> type;
  private final List<String> environment;
  private final @Nullable String flag;
  private final String defaultText;
  private final @Nullable Supplier<? extends T> defaultValue;
  private final String help;
  private final boolean reloadable;

  private Setting(Builder<T> builder) {
    this.key = builder.key;
    this.type = builder.type;
    this.environment = List.copyOf(builder.environment);
    this.flag = builder.flag;
    this.defaultText = builder.defaultText;
    this.defaultValue = builder.defaultValue;
    this.help = builder.help;
    this.reloadable = builder.reloadable;
  }

  /**
   * Begins a declaration. The key is the section and the name in it, for example {@code
   * server.bind_port}.
   */
  public static <T> Builder<T> of(String key, SettingType<T> type) {
    return new Builder<>(key, type);
  }

  public String key() {
    return key;
  }

  public SettingType<T> type() {
    return type;
  }

  /** The environment variables that set it; the first one that is set wins. */
  public List<String> environment() {
    return environment;
  }

  /** The command-line flag that sets it, with its dashes. */
  public Optional<String> flag() {
    return Optional.ofNullable(flag);
  }

  /** The default as a reader of the manual wants to see it; empty if there is none. */
  public String defaultText() {
    return defaultText;
  }

  /** One line that says what it does. */
  public String help() {
    return help;
  }

  /** Whether a change counts while the program runs; otherwise after a restart. */
  public boolean isReloadable() {
    return reloadable;
  }

  @Nullable T defaultValue() {
    return defaultValue == null ? null : defaultValue.get();
  }

  /** The key. */
  @Override
  public String toString() {
    return key;
  }

  /** Collects what a setting is. */
  public static final class Builder<T> {

    private final String key;
    private final SettingType<T> type;
    private List<String> environment = List.of();
    private @Nullable String flag;
    private String defaultText = "";
    private @Nullable Supplier<? extends T> defaultValue;
    private String help = "";
    private boolean reloadable;

    private Builder(String key, SettingType<T> type) {
      this.key = Objects.requireNonNull(key);
      this.type = Objects.requireNonNull(type);
    }

    /** The environment variables that set it, the preferred one first. */
    public Builder<T> environment(String... names) {
      this.environment = List.of(names);
      return this;
    }

    /** The flag that sets it, with its dashes. */
    public Builder<T> flag(String name) {
      this.flag = name;
      return this;
    }

    /**
     * The default, as it would be written. Without one, the setting may stay unset.
     *
     * @throws IllegalArgumentException if the text does not fit the type
     */
    public Builder<T> orElse(String text) {
      T value = type.parse(text);
      this.defaultText = text;
      this.defaultValue = () -> value;
      return this;
    }

    /** A default that is found out when it is needed, and how the manual describes it. */
    public Builder<T> orElse(String description, Supplier<? extends T> value) {
      this.defaultText = description;
      this.defaultValue = value;
      return this;
    }

    /** Says that a change counts while the program runs. */
    public Builder<T> reloadable() {
      this.reloadable = true;
      return this;
    }

    public Setting<T> help(String line) {
      this.help = line;
      return new Setting<>(this);
    }
  }
}
