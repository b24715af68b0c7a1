package io.restpipe.auth.jwt;

import io.restpipe.auth.jwt.JwtException.Reason;
import java.util.Arrays;

/**
 * Base64url without padding (RFC 7515 section 2), and only the one way to write each array of
 * bytes: no padding, no white space, no letters of base64, no bits left over.
 */
final class Base64Url {

  private static final byte[] VALUES = values();

  private Base64Url() {}

  private static byte[] values() {
    var values = new byte[128];
    Arrays.fill(values, (byte) -1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int i = 0; i < alphabet.length(); i++) {
      values[alphabet.charAt(i)] = (byte) i;
    }
    return values;
  }

  static byte[] decode(String text, int from, int to) throws JwtException {
    int length = to - from;
    int rest = length % 4;
    if (rest == 1) {
      throw malformed();
    }
    var bytes = new byte[length * 3 / 4];
    int buffer = 0;
    int bits = 0;
    int out = 0;
    for (int i = from; i < to; i++) {
      buffer = buffer << 6 | value(text.charAt(i));
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        bytes[out++] = (byte) (buffer >> bits);
        buffer &= (1 << bits) - 1;
      }
    }
    if (buffer != 0) {
      throw malformed();
    }
    return bytes;
  }

  private static int value(char c) throws JwtException {
    int value = c < VALUES.length ? VALUES[c] : -1;
    if (value < 0) {
      throw malformed();
    }
    return value;
  }

  private static JwtException malformed() {
    return new JwtException(Reason.MALFORMED, "a part is not base64url");
  }
}
