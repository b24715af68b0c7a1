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
 * The MD5 of Apache's htpasswd, {@code $apr1$SALT$HASH}, and of crypt(3), {@code $1$SALT$HASH}: a
 * thousand rounds. Weak: it is only read, so that a file of old can be taken over and gets better
 * with each login.
 */
final class Md5Crypt implements PasswordHash {

  private static final Pattern FORM =
      Pattern.compile("(\\$(?:apr1|1)\\$)([./A-Za-z0-9]{1,8})\\$([./A-Za-z0-9]{22})");
  private static final int ROUNDS = 1000;

  /** Which three bytes of the digest make four letters. */
  private static final int[][] GROUPS = {
    {0, 6, 12}, {1, 7, 13}, {2, 8, 14}, {3, 9, 15}, {4, 10, 5}
  };

  private final String magic;
  private final byte[] salt;
  private final String hash;

  private Md5Crypt(String magic, byte[] salt, String hash) {
    this.magic = magic;
    this.salt = salt;
    this.hash = hash;
  }

  static Optional<PasswordHash> read(String text) throws HashFormatException {
    if (!text.startsWith("$apr1$") && !text.startsWith("$1$")) {
      return Optional.empty();
    }
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new HashFormatException("the MD5 hash is damaged");
    }
    return Optional.of(
        new Md5Crypt(
            matcher.group(1),
            matcher.group(2).getBytes(StandardCharsets.US_ASCII),
            matcher.group(3)));
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
    first.writeBytes(magic.getBytes(StandardCharsets.US_ASCII));
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
    var text = new CryptText();
    for (int[] group : GROUPS) {
      text.add(digest[group[0]], digest[group[1]], digest[group[2]], 4);
    }
    text.add(0, 0, digest[11], 2);
    return text.toString();
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
