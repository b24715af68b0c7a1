package io.restpipe.auth.password;

import java.util.Base64;

/** What hashes of several forms have in common. */
final class HashText {

  private HashText() {}

  /** A number within bounds: a store must not make a login take an hour or a gigabyte. */
  static int number(String text, int least, int most, String what) throws HashFormatException {
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Said below.
    }
    throw new HashFormatException("the hash's " + what + " is not " + least + " to " + most);
  }

  static byte[] base64(String text) throws HashFormatException {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new HashFormatException("the hash is not base64");
    }
  }

  /** As passlib writes it: {@code .} for {@code +}, no padding. */
  static byte[] adaptedBase64(String text) throws HashFormatException {
    return base64(text.replace('.', '+'));
  }

  static String[] parts(String text, int count) throws HashFormatException {
    String[] parts = text.split("\\$", -1);
    if (parts.length != count) {
      throw new HashFormatException("the hash is cut off");
    }
    return parts;
  }
}
