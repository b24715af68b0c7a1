package io.restpipe.config;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The values of settings, each with its origin. A flag goes before an environment variable, that
 * before the configuration (files, mostly), and that before the default. Immutable.
 */
public final class Settings {

  private final Map<Setting<?>, Resolved> values;

  Settings(Map<Setting<?>, Resolved> values) {
    this.values = values;
  }

  /** A value as it is written and as it is understood; null where there is none. */
  record Resolved(@Nullable Object value, ConfigValue winner) {}

  /** Finds the values of these settings. */
  public static SettingsResolver of(Iterable<? extends Setting<?>> declared) {
    return new SettingsResolver(declared);
  }

  /**
   * The value of a setting that has a default.
   *
   * @throws IllegalStateException if it has neither a value nor a default
   */
  public <T> T get(Setting<T> setting) {
    T value = value(setting);
    if (value == null) {
      throw new IllegalStateException("setting has no value: " + setting.key());
    }
    return value;
  }

  /** The value of a setting that may stay unset. */
  public <T> Optional<T> find(Setting<T> setting) {
    return Optional.ofNullable(value(setting));
  }

  /** Where the value came from. */
  public Origin origin(Setting<?> setting) {
    return resolved(setting).winner().origin();
  }

  /** The value as it was written; of a secret, that it is one. */
  public String text(Setting<?> setting) {
    return text(setting, resolved(setting).winner());
  }

  /** What would hold without this value, the next in line first. */
  public List<Overridden> overridden(Setting<?> setting) {
    return resolved(setting).winner().overridden().stream()
        .map(value -> new Overridden(text(setting, value), value.origin()))
        .toList();
  }

  /**
   * A value that another one goes before.
   *
   * @param text as it was written; of a secret, that it is one
   */
  public record Overridden(String text, Origin origin) {}

  private static String text(Setting<?> setting, ConfigValue value) {
    String text = value.written();
    return setting.type().isSecret() && !text.isEmpty() ? Secret.REDACTED : text;
  }

  /** A problem with the value that a setting has. */
  public Problem problem(Setting<?> setting, String expected) {
    return new Problem(setting.key(), origin(setting), text(setting), expected);
  }

  /** Whether both give a setting the same value, wherever it is from. */
  public boolean isSame(Setting<?> setting, Settings other) {
    return Objects.equals(resolved(setting).value(), other.resolved(setting).value());
  }

  @SuppressWarnings("unchecked") // a value is only ever made by its own setting's type
  private <T> @Nullable T value(Setting<T> setting) {
    return (T) resolved(setting).value();
  }

  private Resolved resolved(Setting<?> setting) {
    Resolved resolved = values.get(setting);
    if (resolved == null) {
      throw new IllegalStateException("setting was not declared here: " + setting.key());
    }
    return resolved;
  }
}
