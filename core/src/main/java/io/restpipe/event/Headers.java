package io.restpipe.event;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * An immutable, ordered multimap of header fields; names compare without regard to case (RFC 9110
 * section 5.1).
 */
public final class Headers {

  private static final Headers EMPTY = new Headers(new String[0]);

  /** Name, value, name, value, … */
  private final String[] fields;

  private Headers(String[] fields) {
    this.fields = fields;
  }

  public static Headers empty() {
    return EMPTY;
  }

  /**
   * Headers from alternating names and values.
   *
   * @throws IllegalArgumentException if a value is missing, a name is not a token, or a value holds
   *     a control character other than a tab
   */
  public static Headers of(String... namesAndValues) {
    if (namesAndValues.length == 0) {
      return EMPTY;
    }
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "header without a value: " + namesAndValues[namesAndValues.length - 1]);
    }
    for (int i = 0; i < namesAndValues.length; i += 2) {
      checkName(namesAndValues[i]);
      checkValue(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Headers(namesAndValues.clone());
  }

  /** Headers from a map, in its iteration order. */
  public static Headers of(Map<String, String> fields) {
    var flat = new ArrayList<String>(fields.size() * 2);
    fields.forEach(
        (name, value) -> {
          flat.add(name);
          flat.add(value);
        });
    return of(flat.toArray(new String[0]));
  }

  /** These headers and one more field after them. */
  public Headers with(String name, String value) {
    checkName(name);
    checkValue(name, value);
    var longer = Arrays.copyOf(fields, fields.length + 2);
    longer[fields.length] = name;
    longer[fields.length + 1] = value;
    return new Headers(longer);
  }

  /** The first value of a field. */
  public Optional<String> first(String name) {
    for (int i = 0; i < fields.length; i += 2) {
      if (fields[i].equalsIgnoreCase(name)) {
        return Optional.of(fields[i + 1]);
      }
    }
    return Optional.empty();
  }

  /** All values of a field, in order. */
  public List<String> all(String name) {
    var values = new ArrayList<String>();
    forEach(
        (field, value) -> {
          if (field.equalsIgnoreCase(name)) {
            values.add(value);
          }
        });
    return List.copyOf(values);
  }

  /** How many fields there are. */
  public int size() {
    return fields.length / 2;
  }

  public boolean isEmpty() {
    return fields.length == 0;
  }

  /** Calls back with each name and value, in order. */
  public void forEach(BiConsumer<String, String> visitor) {
    for (int i = 0; i < fields.length; i += 2) {
      visitor.accept(fields[i], fields[i + 1]);
    }
  }

  private static void checkName(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("header name is empty");
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean token =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
      if (!token) {
        throw new IllegalArgumentException(
            "header name is not a token (RFC 9110 section 5.6.2): character "
                + (int) c
                + " at "
                + i);
      }
    }
  }

  private static void checkValue(String name, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        throw new IllegalArgumentException(
            "value of header " + name + " holds control character " + (int) c + " at " + i);
      }
    }
  }

  /** Whether both have the same fields in the same order; names without regard to case. */
  @Override
  public boolean equals(Object other) {
    if (!(other instanceof Headers headers) || headers.fields.length != fields.length) {
      return false;
    }
    for (int i = 0; i < fields.length; i += 2) {
      if (!fields[i].equalsIgnoreCase(headers.fields[i])
          || !fields[i + 1].equals(headers.fields[i + 1])) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = 0; i < fields.length; i += 2) {
      // Names are ASCII.
      hash = 31 * hash + fields[i].toLowerCase(Locale.ROOT).hashCode();
      hash = 31 * hash + fields[i + 1].hashCode();
    }
    return hash;
  }

  /** Names only: values may be secrets. */
  @Override
  public String toString() {
    var names = new ArrayList<String>();
    forEach((name, value) -> names.add(name));
    return names.toString();
  }
}
