package io.restpipe.auth.password;

import io.restpipe.config.Secret;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The hash of a password, as it stands in a store. Read are Argon2 (PHC), bcrypt ({@code $2a$},
 * {@code $2b$}, {@code $2y$}), scrypt and PBKDF2 (as of passlib, Django and Werkzeug), and what
 * htpasswd and crypt(3) write ({@code $apr1$}, {@code $1$}, {@code $5$}, {@code $6$}, {@code
 * {SHA}}); a password that was right is hashed anew as {@link Argon2}.
 */
public interface PasswordHash {

  /** How much memory checking one hash may take: 256 MiB. */
  int MAX_MEMORY_KIB = 256 << 10;

  /** The longest password, in bytes of UTF-8: more is no password but an attempt. */
  int MAX_PASSWORD_BYTES = 1024;

  /** Whether that is the password. Takes tens of milliseconds, on purpose. */
  boolean matches(byte[] password);

  /** Whether it is weaker than what is made now. */
  boolean isOutdated();

  /**
   * Reads a hash.
   *
   * @throws HashFormatException if it is of no known form
   */
  static PasswordHash parse(String text) throws HashFormatException {
    for (Form form : Form.ALL) {
      Optional<PasswordHash> hash = form.read(text);
      if (hash.isPresent()) {
        return hash.orElseThrow();
      }
    }
    throw new HashFormatException(
        "the hash is of no known form: known are argon2, bcrypt, scrypt, pbkdf2, and $apr1$, $1$,"
            + " $5$, $6$ and {SHA} of htpasswd and crypt");
  }

  /** Makes a hash of a new password, as good as they are made now. */
  static String make(Secret password) {
    return Argon2.make(bytes(password));
  }

  /**
   * A password as it is hashed.
   *
   * @throws IllegalArgumentException if it is too long
   */
  static byte[] bytes(Secret password) {
    byte[] bytes = password.reveal().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_PASSWORD_BYTES) {
      throw new IllegalArgumentException(
          "a password has at most " + MAX_PASSWORD_BYTES + " bytes of UTF-8");
    }
    return bytes;
  }

  /** One way to write hashes. */
  interface Form {

    /** All of them. */
    List<Form> ALL =
        List.of(
            Argon2::read,
            Bcrypt::read,
            Scrypt::read,
            Pbkdf2::read,
            Md5Crypt::read,
            ShaCrypt::read,
            Sha1::read);

    /** The hash, if it is of this form. */
    Optional<PasswordHash> read(String text) throws HashFormatException;
  }
}
