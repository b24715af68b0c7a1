package io.restpipe.auth.password;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/**
 * A bare SHA-1: {@code {SHA}} of htpasswd, and {@code {SSHA}} of directories, which has a salt.
 * Weak: it is only read, so that a file of old can be taken over and gets better with each login.
 */
final class Sha1 implements PasswordHash {

  private static final String PLAIN = "{SHA}";
  private static final String SALTED = "{SSHA}";
  private static final int LENGTH = 20;
  private static final int LONGEST_SALT = 64;

  private final byte[] digest;
  private final byte[] salt;

  private Sha1(byte[] digest, byte[] salt) {
    this.digest = digest;
    this.salt = salt;
  }

  static Optional<PasswordHash> read(String text) throws HashFormatException {
    boolean salted = text.startsWith(SALTED);
    if (!salted && !text.startsWith(PLAIN)) {
      return Optional.empty();
    }
    byte[] bytes = HashText.base64(text.substring(text.indexOf('}') + 1));
    int salt = bytes.length - LENGTH;
    if (salted ? salt < 1 || salt > LONGEST_SALT : salt != 0) {
      throw new HashFormatException("the SHA-1 hash is damaged");
    }
    return Optional.of(
        new Sha1(Arrays.copyOf(bytes, LENGTH), Arrays.copyOfRange(bytes, LENGTH, bytes.length)));
  }

  @Override
  public boolean matches(byte[] password) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(password);
      return MessageDigest.isEqual(digest, sha1.digest(salt));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each JDK has it
    }
  }

  @Override
  public boolean isOutdated() {
    return true;
  }
}
