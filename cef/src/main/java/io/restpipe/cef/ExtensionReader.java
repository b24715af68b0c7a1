package io.restpipe.cef;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads keys and values from where the header ended. Used once. */
final class ExtensionReader {

  private static final String BLANKS = " \t\r\n";

  private final String line;
  private final int start;
  private final int end;
  private final boolean strict;
  private final Map<String, String> extensions = new LinkedHashMap<>();

  private @Nullable String key;
  private int keyStart;
  private int valueStart;

  ExtensionReader(String line, int start, boolean strict) {
    this.line = line;
    this.strict = strict;
    this.end = endOf(line, start);
    this.start = startOf(start);
    this.valueStart = this.start;
  }

  private static int endOf(String line, int start) {
    int end = line.length();
    while (end > start && BLANKS.indexOf(line.charAt(end - 1)) >= 0) {
      end--;
    }
    return end;
  }

  private int startOf(int start) {
    int first = start;
    while (first < end && isSeparator(line.charAt(first))) {
      first++;
    }
    return first;
  }

  /** What stands before a key; some producers write a tab or a line break for the blank. */
  private boolean isSeparator(char c) {
    return c == ' ' || (!strict && BLANKS.indexOf(c) >= 0);
  }

  /** One pass: each equals sign that is not escaped either ends a key or is part of a value. */
  Map<String, String> read() {
    int word = start;
    for (int i = start; i < end; i++) {
      char c = line.charAt(i);
      if (c == '\\' && i + 1 < end && isEscape(line.charAt(i + 1))) {
        i++;
      } else if (isSeparator(c)) {
        word = i + 1;
      } else if (c == '=') {
        equalsSign(word, i);
      }
    }
    finish();
    return extensions;
  }

  private void equalsSign(int word, int at) {
    boolean first = key == null && word == start;
    boolean afterBlank = word > valueStart;
    if ((first || afterBlank) && isKey(word, at)) {
      endValue(word - 1);
      key = line.substring(word, at);
      keyStart = word;
      valueStart = at + 1;
    } else if (strict) {
      throw new CefParseException(
          at, "an equals sign that is neither escaped nor after a key that follows a blank");
    }
  }

  private boolean isKey(int from, int to) {
    if (from == to || to - from > CefEvent.MAX_KEY_LENGTH) {
      return false;
    }
    boolean dotted = false;
    for (int i = from; i < to; i++) {
      char c = line.charAt(i);
      dotted |= c == '.';
      // Some producers write a comma behind the dot of a key.
      if (!Text.isKeyCharacter(c) && !(c == ',' && dotted && !strict)) {
        return false;
      }
    }
    return Text.isWordCharacter(line.charAt(from));
  }

  private void finish() {
    if (key != null || end > start) {
      endValue(end);
    }
  }

  private void endValue(int valueEnd) {
    if (key == null) {
      keyless(valueEnd);
      return;
    }
    String value = value(valueStart, Math.max(valueStart, valueEnd));
    if (extensions.put(key, value) != null && strict) {
      throw new CefParseException(keyStart, "key " + key + " for the second time");
    }
  }

  private void keyless(int valueEnd) {
    if (valueEnd <= start) {
      return;
    }
    if (strict) {
      throw new CefParseException(start, "an extension begins with a key and an equals sign");
    }
    extensions.put("msg", value(start, valueEnd));
  }

  private String value(int from, int to) {
    var value = new StringBuilder(to - from);
    for (int i = from; i < to; i++) {
      char c = line.charAt(i);
      if (c != '\\') {
        value.append(checked(c, i));
      } else if (i + 1 < to && isEscape(line.charAt(i + 1))) {
        i++;
        value.append(unescaped(line.charAt(i)));
      } else if (strict) {
        throw new CefParseException(i, "a backslash in a value goes before \\ = n or r only");
      } else {
        value.append(c);
      }
    }
    return Text.value(value.toString());
  }

  private char checked(char c, int at) {
    if (strict && ((c < ' ' && c != '\t') || c == 0x7f)) {
      throw new CefParseException(at, "control character " + (int) c + " in a value");
    }
    return c;
  }

  private static boolean isEscape(char c) {
    return c == '\\' || c == '=' || c == 'n' || c == 'r';
  }

  private static char unescaped(char c) {
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      default -> c;
    };
  }
}
