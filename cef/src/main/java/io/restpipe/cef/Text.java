package io.restpipe.cef;

import org.jspecify.annotations.Nullable;

/**
 * Makes text from anywhere fit to be logged: what could end a record, steer a terminal or hide part
 * of a line does not pass. Line breaks pass in values only, where the formatter writes them as
 * {@code \n} and {@code \r}.
 */
final class Text {

  private static final char REPLACEMENT = '\uFFFD';

  private Text() {}

  /** For a field of the header: one line, no blanks at the ends. */
  static String header(String text) {
    String clean = clean(text, true).strip();
    return clean;
  }

  /** For an extension value: line breaks and tabs stay. */
  static String value(String text) {
    return clean(text, false);
  }

  /** The beginning of the text, never ending inside a surrogate pair. */
  static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
    return text.substring(0, end).stripTrailing();
  }

  private static String clean(String text, boolean header) {
    StringBuilder clean = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char passed = pass(text, i, c, header);
      if (passed != c && clean == null) {
        clean = new StringBuilder(text.length()).append(text, 0, i);
      }
      if (clean != null) {
        clean.append(passed);
      }
    }
    return clean == null ? text : clean.toString();
  }

  private static char pass(String text, int at, char c, boolean header) {
    if (c >= ' ' && c < 0x7f) {
      return c;
    }
    if (c == '\n' || c == '\r' || c == '\t') {
      return header ? ' ' : c;
    }
    if (isUnwanted(c) || (Character.isSurrogate(c) && !isPaired(text, at, c))) {
      return REPLACEMENT;
    }
    return c;
  }

  /** Control characters, Unicode's own line breaks, and what turns the direction of a line. */
  private static boolean isUnwanted(char c) {
    return c < ' '
        || (c >= 0x7f && c < 0xa0)
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069);
  }

  private static boolean isPaired(String text, int at, char c) {
    if (Character.isHighSurrogate(c)) {
      return at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
    }
    return at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
  }

  /** Whether a text can be the key of an extension. */
  static boolean isKey(@Nullable String key) {
    if (key == null || key.isEmpty() || key.length() > CefEvent.MAX_KEY_LENGTH) {
      return false;
    }
    for (int i = 0; i < key.length(); i++) {
      if (!isKeyCharacter(key.charAt(i))) {
        return false;
      }
    }
    return isWordCharacter(key.charAt(0));
  }

  static boolean isKeyCharacter(char c) {
    return isWordCharacter(c) || c == '.' || c == '-' || c == '[' || c == ']';
  }

  static boolean isWordCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
}
