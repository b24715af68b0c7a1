package io.restpipe.auth.password;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.SCrypt;

/**
 * scrypt (RFC 7914): of passlib {@code $scrypt$ln=16,r=8,p=1$SALT$HASH}, of Django {@code
 * scrypt$16384$SALT$8$1$HASH}, of Werkzeug {@code scrypt:32768:8:1$SALT$HEX}.
 */
final class Scrypt implements PasswordHash {

  private static final Pattern PASSLIB =
      Pattern.compile(
          "\\$scrypt\\$ln=(\\d+),r=(\\d+),p=(\\d+)\\$([A-Za-z0-9+/]*)\\$([A-Za-z0-9+/]+)");
  private static final Pattern DJANGO =
      Pattern.compile("scrypt\\$(\\d+)\\$([^$]*)\\$(\\d+)\\$(\\d+)\\$([A-Za-z0-9+/=]+)");
  private static final Pattern WERKZEUG =
      Pattern.compile("scrypt:(\\d+):(\\d+):(\\d+)\\$([^$]*)\\$([0-9a-f]+)");

  private final int cost;
  private final int blockSize;
  private final int lanes;
  private final byte[] salt;
  private final byte[] hash;

  private Scrypt(String cost, String blockSize, String lanes, byte[] salt, byte[] hash)
      throws HashFormatException {
    this.cost = HashText.number(cost, 2, 1 << 20, "cost");
    this.blockSize = HashText.number(blockSize, 1, 64, "block size");
    this.lanes = HashText.number(lanes, 1, 16, "number of lanes");
    this.salt = salt;
    this.hash = hash;
    if (Integer.bitCount(this.cost) != 1 || hash.length < 16 || hash.length > 128) {
      throw new HashFormatException("the scrypt hash is damaged");
    }
    if ((long) this.cost * this.blockSize * 128 > (long) MAX_MEMORY_KIB << 10) {
      throw new HashFormatException("the scrypt hash asks for more than 256 MiB of memory");
    }
  }

  static Optional<PasswordHash> read(String text) throws HashFormatException {
    if (!text.startsWith("$scrypt$") && !text.startsWith("scrypt")) {
      return Optional.empty();
    }
    Matcher passlib = PASSLIB.matcher(text);
    if (passlib.matches()) {
      int log = HashText.number(passlib.group(1), 1, 20, "cost");
      return Optional.of(
          new Scrypt(
              String.valueOf(1 << log),
              passlib.group(2),
              passlib.group(3),
              HashText.base64(passlib.group(4)),
              HashText.base64(passlib.group(5))));
    }
    Matcher django = DJANGO.matcher(text);
    if (django.matches()) {
      return Optional.of(
          new Scrypt(
              django.group(1),
              django.group(3),
              django.group(4),
              django.group(2).getBytes(StandardCharsets.UTF_8),
              HashText.base64(django.group(5))));
    }
    Matcher werkzeug = WERKZEUG.matcher(text);
    if (werkzeug.matches() && werkzeug.group(5).length() % 2 == 0) {
      return Optional.of(
          new Scrypt(
              werkzeug.group(1),
              werkzeug.group(2),
              werkzeug.group(3),
              werkzeug.group(4).getBytes(StandardCharsets.UTF_8),
              HexFormat.of().parseHex(werkzeug.group(5))));
    }
    throw new HashFormatException("the scrypt hash is damaged");
  }

  @Override
  public boolean matches(byte[] password) {
    return MessageDigest.isEqual(
        hash, SCrypt.generate(password, salt, cost, blockSize, lanes, hash.length));
  }

  @Override
  public boolean isOutdated() {
    return true;
  }
}
