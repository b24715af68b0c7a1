package io.restpipe.gateway;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent escapes in a path (RFC 3986 section 2.1), read strictly: a plus is a plus. */
final class PathText {

  private PathText() {}

  /**
   * The text that a piece of a path stands for: escapes resolved, then read as UTF-8. Bytes beyond
   * ASCII that came without an escape are taken as they are.
   *
   * @param path one character for each byte
   * @throws ProblemException if an escape is malformed or the bytes are not UTF-8
   */
  static String decode(String path, int from, int to) {
    int i = from;
    while (i < to && path.charAt(i) != '%' && path.charAt(i) < 0x80) {
      i++;
    }
    if (i == to) {
      return path.substring(from, to);
    }
    ByteBuffer bytes = bytes(path, from, to);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException notUtf8) {
      throw new ProblemException(
          Problem.badRequest(
              "the path is not UTF-8 in the characters " + (from + 1) + " to " + to));
    }
  }

  private static ByteBuffer bytes(String path, int from, int to) {
    ByteBuffer bytes = ByteBuffer.allocate(to - from);
    for (int i = from; i < to; i++) {
      char c = path.charAt(i);
      if (c == '%') {
        bytes.put((byte) (digit(path, i, i + 1, to) << 4 | digit(path, i, i + 2, to)));
        i += 2;
      } else {
        bytes.put((byte) c);
      }
    }
    return bytes.flip();
  }

  private static int digit(String path, int escape, int at, int to) {
    char c = at < to ? path.charAt(at) : ' ';
    int digit = c < 0x80 ? Character.digit(c, 16) : -1;
    if (digit < 0) {
      throw new ProblemException(
          Problem.badRequest(
              "malformed percent escape in the path at character "
                  + (escape + 1)
                  + ": % must be followed by two hexadecimal digits (a percent sign itself is %25)"));
    }
    return digit;
  }
}
