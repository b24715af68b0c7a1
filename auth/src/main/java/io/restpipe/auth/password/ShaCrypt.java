package io.restpipe.auth.password;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The SHA-256 and SHA-512 of crypt(3), as U. Drepper specified them: {@code
 * $5$[rounds=N$]SALT$HASH} and {@code $6$...}. They are only read, for newer ones need memory, too.
 */
final class ShaCrypt implements PasswordHash {

  private static final Pattern FORM =
      Pattern.compile(
          "\\$([56])\\$(?:rounds=(\\d{1,9})\\$)?([^$:\\s]{0,16})\\$([./A-Za-z0-9]{43,86})");
  private static final int USUAL_ROUNDS = 5000;
  private static final int LEAST_ROUNDS = 1000;
  private static final int MOST_ROUNDS = 1_000_000;
  private static final int LETTERS_256 = 43;
  private static final int LETTERS_512 = 86;

  private final boolean is512;
  private final int rounds;
  private final byte[] salt;
  private final String hash;

  private ShaCrypt(boolean is512, int rounds, byte[] salt, String hash) {
    this.is512 = is512;
    this.rounds = rounds;
    this.salt = salt;
    this.hash = hash;
  }

  static Optional<PasswordHash> read(String text) throws HashFormatException {
    if (!text.startsWith("$5$") && !text.startsWith("$6$")) {
      return Optional.empty();
    }
    Matcher matcher = FORM.matcher(text);
    boolean is512 = text.startsWith("$6$");
    if (!matcher.matches() || matcher.group(4).length() != (is512 ? LETTERS_512 : LETTERS_256)) {
      throw new HashFormatException("the SHA-crypt hash is damaged");
    }
    String rounds = matcher.group(2);
    return Optional.of(
        new ShaCrypt(
            is512,
            rounds == null
                ? USUAL_ROUNDS
                : HashText.number(rounds, LEAST_ROUNDS, MOST_ROUNDS, "rounds"),
            matcher.group(3).getBytes(StandardCharsets.UTF_8),
            matcher.group(4)));
  }

  @Override
  public boolean matches(byte[] password) {
    byte[] digest = compute(password);
    return MessageDigest.isEqual(
        hash.getBytes(StandardCharsets.US_ASCII),
        (is512 ? letters512(digest) : letters256(digest)).getBytes(StandardCharsets.US_ASCII));
  }

  private MessageDigest digest() {
    try {
      return MessageDigest.getInstance(is512 ? "SHA-512" : "SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each JDK has them
    }
  }

  private byte[] compute(byte[] password) {
    MessageDigest sha = digest();
    byte[] first = first(sha, password);
    byte[] p = filled(ofRepeated(sha, password, password.length), password.length);
    byte[] s = filled(ofRepeated(sha, salt, 16 + (first[0] & 0xff)), salt.length);
    byte[] last = first;
    for (int round = 0; round < rounds; round++) {
      boolean odd = (round & 1) != 0;
      sha.update(odd ? p : last);
      if (round % 3 != 0) {
        sha.update(s);
      }
      if (round % 7 != 0) {
        sha.update(p);
      }
      sha.update(odd ? last : p);
      last = sha.digest();
    }
    return last;
  }

  /** Steps 1 to 12 of the specification. */
  private byte[] first(MessageDigest sha, byte[] password) {
    sha.update(password);
    sha.update(salt);
    byte[] inner = sha.digest(password);
    sha.update(password);
    sha.update(salt);
    sha.update(filled(inner, password.length));
    for (int bits = password.length; bits > 0; bits >>= 1) {
      sha.update((bits & 1) != 0 ? inner : password);
    }
    return sha.digest();
  }

  private static byte[] ofRepeated(MessageDigest sha, byte[] bytes, int times) {
    for (int i = 0; i < times; i++) {
      sha.update(bytes);
    }
    return sha.digest();
  }

  /** The same bytes again and again, that many. */
  private static byte[] filled(byte[] bytes, int length) {
    byte[] filled = Arrays.copyOf(bytes, length);
    for (int i = bytes.length; i < length; i++) {
      filled[i] = filled[i - bytes.length];
    }
    return filled;
  }

  private static String letters256(byte[] digest) {
    var text = new CryptText();
    int a = 0;
    int b = 10;
    int c = 20;
    for (int group = 0; group < 10; group++) {
      text.add(digest[a], digest[b], digest[c], 4);
      int next = c + 1;
      c = b + 1;
      b = a + 1;
      a = next;
    }
    text.add(0, digest[31], digest[30], 3);
    return text.toString();
  }

  private static String letters512(byte[] digest) {
    var text = new CryptText();
    int a = 0;
    int b = 21;
    int c = 42;
    for (int group = 0; group < 21; group++) {
      text.add(digest[a], digest[b], digest[c], 4);
      int next = b + 1;
      b = c + 1;
      c = a + 1;
      a = next;
    }
    text.add(0, 0, digest[63], 2);
    return text.toString();
  }

  @Override
  public boolean isOutdated() {
    return true;
  }
}
