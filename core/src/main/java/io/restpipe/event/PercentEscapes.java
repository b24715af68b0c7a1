package io.restpipe.event;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Decodes percent escapes in a path (RFC 3986 section 2.1). The JDK's decoder is for forms, where a
 * plus is a blank, and lets bytes pass that are not UTF-8, changed.
 */
final class PercentEscapes {

  private PercentEscapes() {}

  /**
   * The text with its escapes decoded as UTF-8.
   *
   * @throws IllegalArgumentException if an escape is malformed or does not stand for UTF-8
   */
  static String decode(String escaped) {
    var text = new StringBuilder(escaped.length());
    int i = 0;
    while (i < escaped.length()) {
      char c = escaped.charAt(i);
      if (c != '%') {
        text.append(c);
        i++;
      } else {
        int end = endOfRun(escaped, i);
        text.append(decodeRun(escaped, i, end));
        i = end;
      }
    }
    return text.toString();
  }

  /** Characters of several bytes are several escapes without anything between them. */
  private static int endOfRun(String escaped, int from) {
    int end = from;
    while (end < escaped.length() && escaped.charAt(end) == '%') {
      end += 3;
    }
    if (end > escaped.length()) {
      throw malformed(end - 3);
    }
    return end;
  }

  private static CharSequence decodeRun(String escaped, int from, int end) {
    var bytes = new ByteArrayOutputStream((end - from) / 3);
    for (int i = from; i < end; i += 3) {
      bytes.write(hex(escaped, i, i + 1) << 4 | hex(escaped, i, i + 2));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray()));
    } catch (CharacterCodingException notUtf8) {
      throw new IllegalArgumentException(
          "percent escapes at " + from + " do not stand for UTF-8", notUtf8);
    }
  }

  private static int hex(String escaped, int escape, int digit) {
    char c = escaped.charAt(digit);
    int value = c < 0x80 ? Character.digit(c, 16) : -1;
    if (value < 0) {
      throw malformed(escape);
    }
    return value;
  }

  private static IllegalArgumentException malformed(int at) {
    return new IllegalArgumentException(
        "percent escape at " + at + " is malformed: write % as %25");
  }
}
