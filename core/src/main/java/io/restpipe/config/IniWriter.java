package io.restpipe.config;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** How a value is written so that it is read back the same. */
final class IniWriter {

  private IniWriter() {}

  static void checkSection(String name) {
    if (name.isEmpty()
        || !name.equals(name.strip())
        || name.indexOf(']') >= 0
        || IniScanner.hasControl(name)
        || !isEncodable(name)) {
      throw new IllegalArgumentException("no section can have this name: " + printable(name));
    }
  }

  static void checkKey(String key) {
    if (key.isEmpty()
        || !key.equals(key.strip())
        || IniScanner.delimiter(key) >= 0
        || "[#;\uFEFF".indexOf(key.charAt(0)) >= 0
        || IniScanner.hasControl(key)
        || !isEncodable(key)) {
      throw new IllegalArgumentException("no key can have this name: " + printable(key));
    }
  }

  private static String printable(String name) {
    return Problem.printable(name);
  }

  /** What stands behind the key, and the lines that continue it. */
  static List<String> lines(Object value) {
    if (!(value instanceof Collection<?> items)) {
      return List.of(scalar(value));
    }
    var lines = new ArrayList<String>();
    lines.add("");
    for (Object item : items) {
      lines.add(item(item));
    }
    return lines;
  }

  /** A line with nothing on it would be no item. */
  private static String item(Object value) {
    if (value instanceof Collection<?>) {
      throw new IllegalArgumentException("a list cannot have a list in it");
    }
    String written = scalar(value);
    return written.isEmpty() ? "\"\"" : written;
  }

  private static String scalar(Object value) {
    if (value instanceof Boolean
        || value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte
        || value instanceof BigInteger) {
      return checked(value.toString());
    }
    return text(value instanceof Duration duration ? Durations.text(duration) : value.toString());
  }

  private static String text(String text) {
    checked(text);
    boolean plain =
        text.equals(text.strip())
            && !IniText.isQuoted(text)
            && !text.contains("${")
            && IniText.scalar(text) instanceof String;
    return plain ? text : "\"" + text + "\"";
  }

  private static String checked(String text) {
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("a text with line breaks cannot be written");
    }
    if (text.contains(IniText.HERE)) {
      throw new IllegalArgumentException(
          "a text with " + IniText.HERE + " in it cannot be written: it would be a folder");
    }
    if (!isEncodable(text)) {
      throw new IllegalArgumentException("a text with half a character cannot be written");
    }
    return text;
  }

  private static boolean isEncodable(String text) {
    return text.codePoints().allMatch(point -> Character.getType(point) != Character.SURROGATE);
  }
}
