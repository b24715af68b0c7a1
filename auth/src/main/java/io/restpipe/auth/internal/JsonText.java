package io.restpipe.auth.internal;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes JSON: maps, iterables, text, numbers, booleans and null. */
public final class JsonText {

  private JsonText() {}

  /** An object in its map's order. */
  public static String of(Map<String, ?> object) {
    var text = new StringBuilder();
    value(text, object);
    return text.toString();
  }

  private static void value(StringBuilder text, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      object(text, map);
    } else if (value instanceof Iterable<?> items) {
      array(text, items);
    } else if (value instanceof Number || value instanceof Boolean || value == null) {
      text.append(value);
    } else {
      string(text, value.toString());
    }
  }

  private static void object(StringBuilder text, Map<?, ?> map) {
    String separator = "{";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      text.append(separator);
      string(text, String.valueOf(entry.getKey()));
      value(text.append(':'), entry.getValue());
      separator = ",";
    }
    text.append(map.isEmpty() ? "{}" : "}");
  }

  private static void array(StringBuilder text, Iterable<?> items) {
    text.append('[');
    String separator = "";
    for (Object item : items) {
      value(text.append(separator), item);
      separator = ",";
    }
    text.append(']');
  }

  private static void string(StringBuilder text, String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c) || c == '<' || c > '~') {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
