package io.restpipe.auth.password;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The MD5 of Apache's htpasswd: {@code $apr1$SALT$HASH}, a thousand rounds. Weak: it is only read,
 * so that a file of old can be taken over and gets better with each login.
 */
final class Apr1 implements PasswordHash {

  private static final String MAGIC = "$apr1$";
  private static final Pattern FORM =
      Pattern.compile("\\$apr1\\$([./A-Za-z0-9]{1,8})\\$([./A-Za-z0-9]{22})");
  private static final String ALPHABET =
      "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int ROUNDS = 1000;

  /** Which three bytes of the digest make four letters. */
  private static final int[][] GROUPS = {
    {0, 6, 12}, {1, 7, 13}, {2, 8, 14}, {3, 9, 15}, {4, 10, 5}
  };

  private final byte[] salt;
  private final String hash;

  private Apr1(byte[] salt, String hash) {
    this.salt = salt;
    this.hash = hash;
  }

  static Optional<PasswordHash> read(String text) throws HashFormatException {
    if (!text.startsWith(MAGIC)) {
      return Optional.empty();
    }
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new HashFormatException("the $apr1$ hash is damaged");
    }
    return Optional.of(
        new Apr1(matcher.group(1).getBytes(StandardCharsets.US_ASCII), matcher.group(2)));
  }

  @Override
  public boolean matches(byte[] password) {
    return MessageDigest.isEqual(
        hash.getBytes(StandardCharsets.US_ASCII),
        letters(compute(password)).getBytes(StandardCharsets.US_ASCII));
  }

  private byte[] compute(byte[] password) {
    byte[] inner = md5(password, salt, password);
    var first = new ByteArrayOutputStream();
    first.writeBytes(password);
    first.writeBytes(MAGIC.getBytes(StandardCharsets.US_ASCII));
    first.writeBytes(salt);
    for (int left = password.length; left > 0; left -= inner.length) {
      first.write(inner, 0, Math.min(left, inner.length));
    }
    for (int bits = password.length; bits > 0; bits >>= 1) {
      first.write((bits & 1) != 0 ? 0 : password[0]);
    }
    byte[] digest = md5(first.toByteArray());
    for (int round = 0; round < ROUNDS; round++) {
      boolean odd = (round & 1) != 0;
      var next = new ByteArrayOutputStream();
      next.writeBytes(odd ? password : digest);
      if (round % 3 != 0) {
        next.writeBytes(salt);
      }
      if (round % 7 != 0) {
        next.writeBytes(password);
      }
      next.writeBytes(odd ? digest : password);
      digest = md5(next.toByteArray());
    }
    return digest;
  }

  private static String letters(byte[] digest) {
    var text = new StringBuilder();
    for (int[] group : GROUPS) {
      letters(
          text,
          (digest[group[0]] & 0xff) << 16
              | (digest[group[1]] & 0xff) << 8
              | (digest[group[2]] & 0xff),
          4);
    }
    letters(text, digest[11] & 0xff, 2);
    return text.toString();
  }

  private static void letters(StringBuilder text, int value, int count) {
    int left = value;
    for (int i = 0; i < count; i++) {
      text.append(ALPHABET.charAt(left & 0x3f));
      left >>= 6;
    }
  }

  private static byte[] md5(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      Arrays.stream(parts).forEach(digest::update);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean isOutdated() {
    return true;
  }
}
