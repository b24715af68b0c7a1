package io.restpipe.cef;

import java.nio.charset.StandardCharsets;

/** Writes text as bytes where the caller has room, and says where it ended. */
final class Bytes {

  private Bytes() {}

  static String ascii(byte[] text, int length) {
    return new String(text, 0, length, StandardCharsets.US_ASCII);
  }

  static int ascii(String text, byte[] out, int at) {
    for (int i = 0; i < text.length(); i++) {
      out[at + i] = (byte) text.charAt(i);
    }
    return at + text.length();
  }

  /** A number with leading zeros. */
  static int digits(int number, int count, byte[] out, int at) {
    int rest = number;
    for (int i = at + count - 1; i >= at; i--) {
      out[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return at + count;
  }

  /** UTF-8 of a text without lone surrogates. */
  static int utf8(String text, byte[] out, int start) {
    int at = start;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        out[at++] = (byte) c;
      } else {
        at = character(text, i, c, out, at);
      }
    }
    return at;
  }

  /** One character beyond ASCII; the second half of a pair writes nothing. */
  static int character(String text, int i, char c, byte[] out, int at) {
    if (c < 0x800) {
      out[at] = (byte) (0xc0 | c >> 6);
      out[at + 1] = last(c);
      return at + 2;
    }
    if (Character.isLowSurrogate(c)) {
      return at;
    }
    if (Character.isHighSurrogate(c)) {
      int codePoint = Character.toCodePoint(c, text.charAt(i + 1));
      out[at] = (byte) (0xf0 | codePoint >> 18);
      out[at + 1] = last(codePoint >> 12);
      out[at + 2] = last(codePoint >> 6);
      out[at + 3] = last(codePoint);
      return at + 4;
    }
    out[at] = (byte) (0xe0 | c >> 12);
    out[at + 1] = last(c >> 6);
    out[at + 2] = last(c);
    return at + 3;
  }

  private static byte last(int bits) {
    return (byte) (0x80 | (bits & 0x3f));
  }

  /** How many bytes one character beyond ASCII takes; half of a pair takes two. */
  static int length(char c) {
    if (c < 0x800 || Character.isSurrogate(c)) {
      return 2;
    }
    return 3;
  }
}
