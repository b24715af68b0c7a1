package io.restpipe.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of settings, each with its origin. A flag goes before an environment variable, and
 * that before the default. Immutable.
 */
public final class Settings {

  private final Map<Setting<?>, Resolved> values;

  private Settings(Map<Setting<?>, Resolved> values) {
    this.values = values;
  }

  /** A value as written and as understood; null where there is none. */
  private record Resolved(@Nullable Object value, String text, Origin origin) {}

  /** Finds the values of these settings. */
  public static Resolver of(Collection<? extends Setting<?>> declared) {
    return new Resolver(declared);
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
    return resolved(setting).origin();
  }

  /** The value as it was written. */
  public String text(Setting<?> setting) {
    return resolved(setting).text();
  }

  /** A problem with the value that a setting has. */
  public Problem problem(Setting<?> setting, String expected) {
    return problem(setting, text(setting), origin(setting), expected);
  }

  private static Problem problem(Setting<?> setting, String text, Origin origin, String expected) {
    String found = setting.type().isSecret() ? Secret.REDACTED : text;
    return new Problem(setting.key(), origin, found, expected);
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

  /** Collects the sources; every problem is reported at once. */
  public static final class Resolver {

    private final List<Setting<?>> declared;
    private final List<Rule> rules = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private Map<String, String> flags = Map.of();
    private Map<String, String> environment = Map.of();

    private Resolver(Collection<? extends Setting<?>> declared) {
      this.declared = List.copyOf(declared);
    }

    /** The flags that were given, with their dashes, and their values. */
    public Resolver flags(Map<String, String> given) {
      this.flags = Map.copyOf(given);
      return this;
    }

    public Resolver environment(Map<String, String> variables) {
      this.environment = Map.copyOf(variables);
      return this;
    }

    public Resolver rule(Rule rule) {
      rules.add(rule);
      return this;
    }

    /**
     * All values.
     *
     * @throws SettingsException with everything that is wrong
     */
    public Settings resolve() throws SettingsException {
      problems.clear();
      var values = new HashMap<Setting<?>, Resolved>();
      for (Setting<?> setting : declared) {
        Resolved resolved = resolve(setting);
        if (resolved != null) {
          values.put(setting, resolved);
        }
      }
      var settings = new Settings(values);
      Set<Setting<?>> right = new HashSet<>(values.keySet());
      for (Rule rule : rules) {
        if (right.containsAll(rule.about())) {
          rule.check().apply(settings).ifPresent(problems::add);
        }
      }
      if (!problems.isEmpty()) {
        throw new SettingsException(problems);
      }
      return settings;
    }

    private @Nullable Resolved resolve(Setting<?> setting) {
      String given = setting.flag().map(flags::get).orElse(null);
      if (given != null) {
        return parse(setting, given, new Origin.Flag(setting.flag().orElseThrow()));
      }
      for (String name : setting.environment()) {
        String text = environment.get(name);
        if (text != null && (!text.isEmpty() || setting.type().acceptsEmpty())) {
          return parse(setting, text, new Origin.Variable(name));
        }
      }
      return new Resolved(setting.defaultValue(), setting.defaultText(), new Origin.Default());
    }

    private @Nullable Resolved parse(Setting<?> setting, String text, Origin origin) {
      try {
        if (text.isEmpty() && !setting.type().acceptsEmpty()) {
          throw new IllegalArgumentException("must not be empty");
        }
        return new Resolved(setting.type().parse(text), text, origin);
      } catch (IllegalArgumentException wrong) {
        problems.add(problem(setting, text, origin, String.valueOf(wrong.getMessage())));
        return null;
      }
    }
  }
}
