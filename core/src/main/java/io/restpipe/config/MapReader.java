package io.restpipe.config;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the values that a program gives. */
final class MapReader {

  private static final String FILE = "file:";
  private static final int DEEPEST = 64;

  private final Origin origin;
  private final Loading loading;
  private final Layer layer = new Layer();
  private final Layer loaded = new Layer();

  MapReader(String name, Loading loading) {
    this.origin = new Origin.Code(name);
    this.loading = loading;
  }

  Layer read(Map<?, ?> values) {
    read(values, "", 0);
    layer.putUnder(loaded);
    return layer;
  }

  private void read(Map<?, ?> values, String prefix, int depth) {
    if (depth > DEEPEST) {
      loading.problem(Problem.at(origin, "must not be deeper than " + DEEPEST + " maps"));
      return;
    }
    values.forEach((key, value) -> value(prefix + key, value, depth));
  }

  private void value(String key, @Nullable Object value, int depth) {
    if (value instanceof Map<?, ?> section) {
      layer.addSectionOf(key + ".");
      read(section, key + ".", depth + 1);
    } else if (value instanceof String text && text.startsWith(FILE)) {
      String path = text.substring(FILE.length());
      loaded.putUnder(loading.fileNamed(path, new Problem(key, origin, text, "")));
    } else if (value != null) {
      layer.addSectionOf(key);
      layer.put(new ConfigValue(key, origin, content(value)));
    }
  }

  private Content content(Object value) {
    return value instanceof String text
        ? new Content.Ini(text, null, loading.variables())
        : typed(value, null);
  }

  /** A value with the type that a configuration gives: whole numbers are Long. */
  static Content typed(Object value, @Nullable Path folder) {
    return new Content.Typed(
        value instanceof Collection<?> items
            ? items.stream().map(MapReader::scalar).toList()
            : scalar(value),
        folder);
  }

  private static Object scalar(Object value) {
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    return value instanceof Optional<?> optional
        ? optional.<Object>map(MapReader::scalar).orElse("")
        : value;
  }
}
