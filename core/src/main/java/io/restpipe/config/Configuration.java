package io.restpipe.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Values by their keys, {@code section.key}, from whatever they were read; each knows where it came
 * from. Keys are found in upper or lower case. Immutable; any thread may read it.
 */
public final class Configuration {

  private final Layer layer;
  private final Set<Path> files;

  Configuration(Layer layer, Set<Path> files) {
    this.layer = layer;
    this.files = files;
  }

  /** Begins to collect sources. */
  public static Sources from() {
    return new Sources();
  }

  /**
   * Reads files; of two that have the same key, the later one wins.
   *
   * @throws ConfigException with all that is wrong in them
   */
  public static Configuration load(Path... files) {
    Sources sources = from();
    for (Path file : files) {
      sources.file(file);
    }
    return sources.load();
  }

  /** The sections, as they are written, in their order. */
  public List<String> sections() {
    return List.copyOf(layer.sections().values());
  }

  /** All values, in their order. */
  public Collection<ConfigValue> values() {
    return Collections.unmodifiableCollection(layer.values().values());
  }

  /** The files that it comes from, those that were extended too, and those that may be missing. */
  public Set<Path> files() {
    return files;
  }

  /** A value with its origin. */
  public Optional<ConfigValue> find(String key) {
    return Optional.ofNullable(layer.values().get(Layer.normal(key)));
  }

  /**
   * A value: a String, Long, BigInteger, BigDecimal or Boolean, or a List of those.
   *
   * @throws ConfigException if there is none, or it names an environment variable that is not set
   */
  public Object get(String key) {
    return required(key).get();
  }

  /**
   * A value as a type of its own.
   *
   * @throws ConfigException if there is none, or it is not of that type
   */
  public <T> T get(String key, SettingType<T> type) {
    return find(key, type).orElseThrow(() -> new ConfigException(missing(key)));
  }

  /**
   * A value as a type of its own, if there is one. A secret may also be in the file that {@code
   * KEY_file} names.
   *
   * @throws ConfigException if it is not of that type
   */
  public <T> Optional<T> find(String key, SettingType<T> type) {
    Optional<ConfigValue> value = find(key);
    return type.isSecret()
        ? SecretFile.choose(value, find(key + SecretFile.SUFFIX)).map(found -> found.as(type))
        : value.map(found -> found.as(type));
  }

  private ConfigValue required(String key) {
    return find(key).orElseThrow(() -> new ConfigException(missing(key)));
  }

  /** A key that must be there, and perhaps is, misspelt. */
  Problem missing(String key) {
    String nearest =
        NearestKey.of(key, layer.values().keySet())
            .map(layer.values()::get)
            .map(found -> "; is " + found.key() + " (" + found.origin() + ") what is meant?")
            .orElse("");
    return new Problem(key, new Origin.Default(), null, "must be set" + nearest);
  }

  /**
   * The keys of one section without its name, and their values, converted when they are got; empty
   * if there is no such section. The section {@code ""} has the keys that are in none.
   */
  public Map<String, Object> section(String name) {
    return new SectionMap(valuesOf(name));
  }

  /** The values of a section by their keys in lower case without its name. */
  Map<String, ConfigValue> valuesOf(String name) {
    String prefix = name.isEmpty() ? "" : Layer.normal(name) + ".";
    var values = new LinkedHashMap<String, ConfigValue>();
    layer
        .values()
        .forEach(
            (key, value) -> {
              if (prefix.isEmpty() ? key.indexOf('.') < 0 : key.startsWith(prefix)) {
                values.put(key.substring(prefix.length()), value);
              }
            });
    return values;
  }

  /**
   * The same with the {@code other.key} entries of some sections laid over it, for example {@code
   * merge("host:www.example.com")}. Of several sections the later one wins; one that does not exist
   * changes nothing.
   */
  public Configuration merge(String... overlays) {
    var merged = new Layer();
    merged.putUnder(layer);
    for (String overlay : overlays) {
      valuesOf(overlay)
          .forEach(
              (key, value) -> {
                merged.addSectionOf(key);
                merged.put(value.named(key));
              });
    }
    return new Configuration(merged, files);
  }

  /**
   * The section as a record: one component for each key, see {@link Entry}.
   *
   * @throws ConfigException with all that is wrong: values, missing and unknown keys
   * @throws IllegalArgumentException if the record itself cannot be bound
   */
  public <R extends Record> R bind(String section, Class<R> type) {
    return new Binder(this).bind(section, type);
  }

  /** The keys whose values differ between this one and another. */
  Set<String> differences(Configuration other) {
    var keys = new TreeSet<String>();
    var all = new ArrayList<>(layer.values().keySet());
    all.addAll(other.layer.values().keySet());
    for (String key : all) {
      ConfigValue here = layer.values().get(key);
      ConfigValue there = other.layer.values().get(key);
      if (here == null || there == null || !here.isSameAs(there)) {
        keys.add(key);
      }
    }
    return keys;
  }
}
