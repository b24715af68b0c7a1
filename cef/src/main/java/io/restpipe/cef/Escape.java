package io.restpipe.cef;

/**
 * The two escapings: {@code |} and {@code \} in the header, {@code =}, {@code \} and line breaks in
 * values.
 */
enum Escape {
  HEADER('|'),
  VALUE('=');

  private final char delimiter;

  Escape(char delimiter) {
    this.delimiter = delimiter;
  }

  /** How many bytes the text takes once escaped, in UTF-8. */
  int length(String text) {
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        length += Bytes.length(c);
      } else {
        length += isEscaped(c) ? 2 : 1;
      }
    }
    return length;
  }

  private boolean isEscaped(char c) {
    return c == '\\' || c == delimiter || c == '\n' || c == '\r';
  }

  /**
   * Writes the text, of which {@link #length} is known to the caller.
   *
   * @return where it ended
   */
  int write(String text, int length, byte[] out, int start) {
    if (length == text.length()) {
      return Bytes.ascii(text, out, start);
    }
    int at = start;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        at = Bytes.character(text, i, c, out, at);
      } else {
        if (isEscaped(c)) {
          out[at++] = '\\';
        }
        out[at++] = letter(c);
      }
    }
    return at;
  }

  private static byte letter(char c) {
    return switch (c) {
      case '\n' -> 'n';
      case '\r' -> 'r';
      default -> (byte) c;
    };
  }

  /** The longest beginning of the text that takes no more bytes, cutting nothing in two. */
  String fit(String text, int bytes) {
    int length = 0;
    for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
      int end = text.offsetByCodePoints(i, 1);
      length += length(text.substring(i, end));
      if (length > bytes) {
        return text.substring(0, i).stripTrailing();
      }
    }
    return text;
  }
}
