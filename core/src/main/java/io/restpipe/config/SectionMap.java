package io.restpipe.config;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A view of values that converts each one when it is got. */
final class SectionMap extends AbstractMap<String, Object> {

  private final Map<String, ConfigValue> values;

  SectionMap(Map<String, ConfigValue> values) {
    this.values = values;
  }

  @Override
  public @Nullable Object get(@Nullable Object key) {
    ConfigValue value = key instanceof String name ? values.get(Layer.normal(name)) : null;
    return value == null ? null : value.get();
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return key instanceof String name && values.containsKey(Layer.normal(name));
  }

  @Override
  public Set<String> keySet() {
    return Collections.unmodifiableSet(values.keySet());
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Entry<String, Object>> iterator() {
        var entries = values.entrySet().iterator();
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            return entries.hasNext();
          }

          @Override
          public Entry<String, Object> next() {
            Entry<String, ConfigValue> entry = entries.next();
            return Map.entry(entry.getKey(), entry.getValue().get());
          }
        };
      }

      @Override
      public int size() {
        return values.size();
      }
    };
  }
}
