package io.restpipe.auth.password;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * bcrypt: {@code $2y$10$...} as htpasswd writes it, {@code $2a$} and {@code $2b$}; of Django {@code
 * bcrypt$$2b$...}, and {@code bcrypt_sha256$$2b$...}, which hashes the SHA-256 in hexadecimal.
 */
final class Bcrypt implements PasswordHash {

  private static final String DJANGO = "bcrypt$";
  private static final String DJANGO_SHA256 = "bcrypt_sha256$";
  private static final Pattern FORM = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");
  private static final int SIGNIFICANT_BYTES = 72;

  private final String hash;
  private final boolean ofSha256;

  private Bcrypt(String hash, boolean ofSha256) {
    this.hash = hash;
    this.ofSha256 = ofSha256;
  }

  static Optional<PasswordHash> read(String text) throws HashFormatException {
    boolean ofSha256 = text.startsWith(DJANGO_SHA256);
    String hash = text;
    if (ofSha256) {
      hash = text.substring(DJANGO_SHA256.length());
    } else if (text.startsWith(DJANGO)) {
      hash = text.substring(DJANGO.length());
    }
    if (!hash.startsWith("$2")) {
      return Optional.empty();
    }
    var matcher = FORM.matcher(hash);
    if (!matcher.matches()) {
      throw new HashFormatException("the bcrypt hash is damaged");
    }
    HashText.number(matcher.group(1), 4, 16, "cost");
    return Optional.of(new Bcrypt(hash, ofSha256));
  }

  @Override
  public boolean matches(byte[] password) {
    byte[] input = ofSha256 ? sha256(password) : password;
    for (int i = 0; i < Math.min(input.length, SIGNIFICANT_BYTES); i++) {
      if (input[i] == 0) {
        return false; // what comes after it would not count
      }
    }
    return OpenBSDBCrypt.checkPassword(hash, input);
  }

  private static byte[] sha256(byte[] password) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(password);
      return HexFormat.of().formatHex(digest).getBytes(StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean isOutdated() {
    return true;
  }
}
