package io.restpipe.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes records of sections, and collects all that is wrong on the way. */
final class Binder {

  private static final String DOT = ".";

  private final Configuration configuration;
  private final List<Problem> problems = new ArrayList<>();

  Binder(Configuration configuration) {
    this.configuration = configuration;
  }

  <R extends Record> R bind(String section, Class<R> type) {
    @Nullable R bound = record(section, type);
    if (!section.isEmpty()) {
      refuseUnknown(section, type);
    }
    if (bound == null || !problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return bound;
  }

  private <R extends Record> @Nullable R record(String section, Class<R> type) {
    RecordComponent[] components = type.getRecordComponents();
    int before = problems.size();
    var values = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = component(section, components[i]);
    }
    return problems.size() > before ? null : make(section, type, components, values);
  }

  private @Nullable Object component(String section, RecordComponent component) {
    String key = section.isEmpty() ? key(component) : section + DOT + key(component);
    if (component.getType().isRecord() && !ComponentType.isScalar(component.getType())) {
      return record(key, component.getType().asSubclass(Record.class));
    }
    Entry entry = entry(component);
    SettingType<?> type = type(component, entry);
    try {
      Optional<?> value = configuration.find(key, type);
      if (value.isPresent()) {
        return wrap(component, value.get());
      }
    } catch (ConfigException wrong) {
      problems.addAll(wrong.problems());
      return null;
    }
    return absent(key, component, entry, type);
  }

  private @Nullable Object absent(
      String key, RecordComponent component, Entry entry, SettingType<?> type) {
    if (!entry.orElse().equals(Entry.NONE)) {
      return wrap(component, type.parse(entry.orElse()));
    }
    if (component.getType() == Optional.class) {
      return Optional.empty();
    }
    if (component.getType() == List.class) {
      return List.of();
    }
    problems.add(configuration.missing(key));
    return null;
  }

  private static Object wrap(RecordComponent component, Object value) {
    return component.getType() == Optional.class ? Optional.of(value) : value;
  }

  private static SettingType<?> type(RecordComponent component, Entry entry) {
    Type declared = component.getGenericType();
    return ComponentType.of(
        declared,
        entry.atLeast().equals(Entry.NONE) ? null : entry.atLeast(),
        entry.atMost().equals(Entry.NONE) ? null : entry.atMost());
  }

  private <R extends Record> @Nullable R make(
      String section, Class<R> type, RecordComponent[] components, @Nullable Object[] values) {
    try {
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      Constructor<R> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException refused) {
      if (!(refused.getCause() instanceof IllegalArgumentException)) {
        throw new IllegalArgumentException(type + " cannot be made", refused);
      }
      problems.add(refusal(section, String.valueOf(refused.getCause().getMessage())));
      return null;
    } catch (ReflectiveOperationException | InaccessibleObjectException closed) {
      throw new IllegalArgumentException(
          type + " cannot be made: make it public, or open its package", closed);
    }
  }

  /** The record's own constructor does not take the values: the place is where they begin. */
  private Problem refusal(String section, String sentence) {
    Origin origin =
        configuration.valuesOf(section).values().stream()
            .findFirst()
            .map(ConfigValue::origin)
            .orElseGet(Origin.Default::new);
    return new Problem("[" + section + "]", origin, null, sentence);
  }

  private void refuseUnknown(String section, Class<? extends Record> type) {
    Set<String> known = known(type, "");
    Map<String, ConfigValue> values = configuration.valuesOf(section);
    values.forEach(
        (key, value) -> {
          if (!known.contains(key)) {
            problems.add(unknown(value, section + DOT, NearestKey.of(key, known)));
          }
        });
  }

  static Problem unknown(ConfigValue value, String prefix, Optional<String> nearest) {
    return new Problem(
        value.key(),
        value.origin(),
        null,
        "there is no such key"
            + nearest.map(key -> "; did you mean " + prefix + key + "?").orElse(": take it out"));
  }

  private static Set<String> known(Class<? extends Record> type, String prefix) {
    var known = new LinkedHashSet<String>();
    for (RecordComponent component : type.getRecordComponents()) {
      String key = prefix + Layer.normal(key(component));
      if (component.getType().isRecord() && !ComponentType.isScalar(component.getType())) {
        known.addAll(known(component.getType().asSubclass(Record.class), key + DOT));
      } else {
        known.add(key);
        if (type(component, entry(component)).isSecret()) {
          known.add(key + SecretFile.SUFFIX);
        }
      }
    }
    return known;
  }

  private static String key(RecordComponent component) {
    String key = entry(component).key();
    return key.isEmpty() ? ConstantsReader.underscored(component.getName()) : key;
  }

  /** A component that says nothing is as one that says the defaults. */
  private static Entry entry(RecordComponent component) {
    Entry entry = component.getAnnotation(Entry.class);
    return entry == null ? Silent.ENTRY : entry;
  }

  private record Silent(@Entry Object component) {

    static final Entry ENTRY = Silent.class.getRecordComponents()[0].getAnnotation(Entry.class);
  }
}
