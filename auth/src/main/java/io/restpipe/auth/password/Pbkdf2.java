package io.restpipe.auth.password;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * PBKDF2 (RFC 8018): of passlib {@code $pbkdf2-sha256$29000$SALT$HASH}, of Django {@code
 * pbkdf2_sha256$600000$SALT$HASH}, of Werkzeug {@code pbkdf2:sha256:600000$SALT$HEX}.
 */
final class Pbkdf2 implements PasswordHash {

  private static final int MOST_ROUNDS = 5_000_000;
  private static final Pattern PASSLIB =
      Pattern.compile(
          "\\$pbkdf2(?:-(sha256|sha512))?\\$(\\d+)\\$([A-Za-z0-9./]*)\\$([A-Za-z0-9./]+)");
  private static final Pattern DJANGO =
      Pattern.compile("pbkdf2_(sha1|sha256|sha512)\\$(\\d+)\\$([^$]*)\\$([A-Za-z0-9+/=]+)");
  private static final Pattern WERKZEUG =
      Pattern.compile("pbkdf2:(sha1|sha256|sha512):(\\d+)\\$([^$]*)\\$([0-9a-f]+)");

  private final String digest;
  private final int rounds;
  private final byte[] salt;
  private final byte[] hash;

  private Pbkdf2(String digest, String rounds, byte[] salt, byte[] hash)
      throws HashFormatException {
    this.digest = digest;
    this.rounds = HashText.number(rounds, 1, MOST_ROUNDS, "number of rounds");
    this.salt = salt;
    this.hash = hash;
    if (hash.length < 16 || hash.length > 128) {
      throw new HashFormatException("the PBKDF2 hash is too short or too long");
    }
  }

  static Optional<PasswordHash> read(String text) throws HashFormatException {
    if (!text.startsWith("$pbkdf2") && !text.startsWith("pbkdf2")) {
      return Optional.empty();
    }
    Matcher passlib = PASSLIB.matcher(text);
    if (passlib.matches()) {
      return Optional.of(
          new Pbkdf2(
              passlib.group(1) == null ? "sha1" : passlib.group(1),
              passlib.group(2),
              HashText.adaptedBase64(passlib.group(3)),
              HashText.adaptedBase64(passlib.group(4))));
    }
    Matcher django = DJANGO.matcher(text);
    if (django.matches()) {
      return Optional.of(
          new Pbkdf2(
              django.group(1),
              django.group(2),
              django.group(3).getBytes(StandardCharsets.UTF_8),
              HashText.base64(django.group(4))));
    }
    Matcher werkzeug = WERKZEUG.matcher(text);
    if (werkzeug.matches() && werkzeug.group(4).length() % 2 == 0) {
      return Optional.of(
          new Pbkdf2(
              werkzeug.group(1),
              werkzeug.group(2),
              werkzeug.group(3).getBytes(StandardCharsets.UTF_8),
              HexFormat.of().parseHex(werkzeug.group(4))));
    }
    throw new HashFormatException("the PBKDF2 hash is damaged");
  }

  @Override
  public boolean matches(byte[] password) {
    var generator =
        new PKCS5S2ParametersGenerator(
            switch (digest) {
              case "sha512" -> new SHA512Digest();
              case "sha256" -> new SHA256Digest();
              default -> new SHA1Digest();
            });
    generator.init(password, salt, rounds);
    var computed = (KeyParameter) generator.generateDerivedMacParameters(hash.length * 8);
    return MessageDigest.isEqual(hash, computed.getKey());
  }

  @Override
  public boolean isOutdated() {
    return true;
  }
}
