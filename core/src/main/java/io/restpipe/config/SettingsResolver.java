package io.restpipe.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects where settings are given; every problem is reported at once. */
public final class SettingsResolver {

  private final List<Setting<?>> declared = new ArrayList<>();
  private final List<Setting<?>> known = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private Map<String, String> flags = Map.of();
  private Map<String, String> environment = Map.of();
  private Configuration configuration = Configuration.from().load();
  private @Nullable Sources sources;

  SettingsResolver(Iterable<? extends Setting<?>> declared) {
    declared.forEach(this.declared::add);
    known.addAll(this.declared);
  }

  /** The flags that were given, with their dashes, and their values. */
  public SettingsResolver flags(Map<String, String> given) {
    this.flags = Map.copyOf(given);
    return this;
  }

  public SettingsResolver environment(Map<String, String> variables) {
    this.environment = Map.copyOf(variables);
    return this;
  }

  /**
   * Files and what else there is. A setting is found by its key, or by the name of its variable, in
   * no section. A key that no setting has, in a section that settings have, is an error.
   */
  public SettingsResolver configuration(Configuration given) {
    this.configuration = given;
    return this;
  }

  /**
   * The same, read when the settings are resolved: what is wrong in the files is said together with
   * the rest.
   */
  public SettingsResolver sources(Sources given) {
    this.sources = given;
    return this;
  }

  /** Settings of others that may be in the same files; they are not resolved here. */
  public SettingsResolver alsoKnown(Iterable<? extends Setting<?>> others) {
    others.forEach(known::add);
    return this;
  }

  public SettingsResolver rule(Rule rule) {
    rules.add(rule);
    return this;
  }

  /**
   * All values.
   *
   * @throws ConfigException with everything that is wrong
   */
  public Settings resolve() {
    problems.clear();
    if (sources != null) {
      configuration = sources.load(problems);
    }
    var values = new HashMap<Setting<?>, Settings.Resolved>();
    for (Setting<?> setting : declared) {
      Settings.Resolved resolved = resolve(setting);
      if (resolved != null) {
        values.put(setting, resolved);
      }
    }
    var settings = new Settings(values);
    for (Rule rule : rules) {
      if (values.keySet().containsAll(rule.about())) {
        rule.check().apply(settings).ifPresent(problems::add);
      }
    }
    refuseUnknown();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return settings;
  }

  private Settings.@Nullable Resolved resolve(Setting<?> setting) {
    ConfigValue standing = plain(setting, setting.defaultText(), new Origin.Default());
    try {
      List<ConfigValue> candidates = candidates(setting);
      if (candidates.isEmpty()) {
        return new Settings.Resolved(setting.defaultValue(), standing);
      }
      ConfigValue winner = winner(candidates, setting.defaultText().isEmpty() ? null : standing);
      if (winner.isEmpty() && !setting.type().acceptsEmpty()) {
        problems.add(winner.problem(setting.type(), "must not be empty"));
        return null;
      }
      return new Settings.Resolved(winner.as(setting.type()), winner);
    } catch (ConfigException wrong) {
      problems.addAll(wrong.problems());
      return null;
    }
  }

  private static ConfigValue winner(List<ConfigValue> candidates, @Nullable ConfigValue standing) {
    ConfigValue loser = standing;
    for (int i = candidates.size() - 1; i > 0; i--) {
      loser = candidates.get(i).over(loser);
    }
    return candidates.get(0).over(loser);
  }

  /** All that say something, the one that wins first. */
  private List<ConfigValue> candidates(Setting<?> setting) {
    var candidates = new ArrayList<ConfigValue>();
    setting
        .flag()
        .filter(flags::containsKey)
        .ifPresent(flag -> candidates.add(plain(setting, flags.get(flag), new Origin.Flag(flag))));
    for (String name : setting.environment()) {
      variable(setting, name).ifPresent(candidates::add);
    }
    candidates.addAll(inFiles(setting));
    return candidates;
  }

  private static ConfigValue plain(Setting<?> setting, @Nullable String text, Origin origin) {
    return new ConfigValue(
        setting.key(), origin, new Content.Plain(text == null ? "" : text, null));
  }

  /** An empty one counts as unset, unless empty means something. A secret may be in a file. */
  private Optional<ConfigValue> variable(Setting<?> setting, String name) {
    String text = environment.get(name);
    Optional<ConfigValue> value =
        text == null || (text.isEmpty() && !setting.type().acceptsEmpty())
            ? Optional.empty()
            : Optional.of(plain(setting, text, new Origin.Variable(name)));
    String file = setting.type().isSecret() ? environment.get(name + "_FILE") : null;
    return file == null
        ? value
        : SecretFile.choose(
            value,
            Optional.of(
                new ConfigValue(
                    setting.key() + SecretFile.SUFFIX,
                    new Origin.Variable(name + "_FILE"),
                    new Content.Plain(file, null))));
  }

  /** By its key and by the names of its variables, the last source first. */
  private List<ConfigValue> inFiles(Setting<?> setting) {
    var found = new ArrayList<ConfigValue>();
    inFiles(setting, setting.key()).ifPresent(found::add);
    for (String name : setting.environment()) {
      inFiles(setting, name).map(value -> value.named(setting.key())).ifPresent(found::add);
    }
    found.sort(Comparator.comparingInt(ConfigValue::layer).reversed());
    return found;
  }

  private Optional<ConfigValue> inFiles(Setting<?> setting, String key) {
    Optional<ConfigValue> value = configuration.find(key);
    return setting.type().isSecret()
        ? SecretFile.choose(value, configuration.find(key + SecretFile.SUFFIX))
        : value;
  }

  private void refuseUnknown() {
    Map<String, Set<String>> sections = new LinkedHashMap<>();
    for (Setting<?> setting : known) {
      int dot = setting.key().indexOf('.');
      if (dot > 0) {
        Set<String> keys =
            sections.computeIfAbsent(setting.key().substring(0, dot), name -> new HashSet<>());
        keys.add(setting.key());
        if (setting.type().isSecret()) {
          keys.add(setting.key() + SecretFile.SUFFIX);
        }
      }
    }
    for (ConfigValue value : configuration.values()) {
      String key = Layer.normal(value.key());
      int dot = key.indexOf('.');
      Set<String> keys = dot < 0 ? null : sections.get(key.substring(0, dot));
      if (keys != null && !keys.contains(key)) {
        problems.add(Binder.unknown(value, "", NearestKey.of(key, keys)));
      }
    }
  }
}
