package io.restpipe.auth.password;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2 (RFC 9106) in PHC form: {@code $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH}. New ones are
 * Argon2id with 19 MiB and two passes, as OWASP has it. Django puts {@code argon2} before it.
 */
final class Argon2 implements PasswordHash {

  static final int MEMORY_KIB = 19_456;
  private static final int PASSES = 2;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final Pattern FORM =
      Pattern.compile(
          "(?:argon2)?\\$argon2(id|i|d)\\$v=(\\d+)\\$m=(\\d+),t=(\\d+),p=(\\d+)"
              + "\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final int type;
  private final int version;
  private final int memory;
  private final int passes;
  private final int lanes;
  private final byte[] salt;
  private final byte[] hash;

  private Argon2(
      int type, int version, int memory, int passes, int lanes, byte[] salt, byte[] hash) {
    this.type = type;
    this.version = version;
    this.memory = memory;
    this.passes = passes;
    this.lanes = lanes;
    this.salt = salt;
    this.hash = hash;
  }

  static Optional<PasswordHash> read(String text) throws HashFormatException {
    if (!text.startsWith("$argon2") && !text.startsWith("argon2$argon2")) {
      return Optional.empty();
    }
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new HashFormatException("the Argon2 hash is damaged");
    }
    int type =
        switch (matcher.group(1)) {
          case "id" -> Argon2Parameters.ARGON2_id;
          case "i" -> Argon2Parameters.ARGON2_i;
          default -> Argon2Parameters.ARGON2_d;
        };
    int version = HashText.number(matcher.group(2), 16, 19, "version");
    int memory = HashText.number(matcher.group(3), 8, MAX_MEMORY_KIB, "memory in KiB");
    int passes = HashText.number(matcher.group(4), 1, 20, "number of passes");
    int lanes = HashText.number(matcher.group(5), 1, 16, "number of lanes");
    byte[] salt = HashText.base64(matcher.group(6));
    byte[] hash = HashText.base64(matcher.group(7));
    if (salt.length < 8 || hash.length < 16 || hash.length > 128) {
      throw new HashFormatException("the Argon2 hash is too short or too long");
    }
    return Optional.of(new Argon2(type, version, memory, passes, lanes, salt, hash));
  }

  static String make(byte[] password) {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    var argon2 =
        new Argon2(
            Argon2Parameters.ARGON2_id,
            Argon2Parameters.ARGON2_VERSION_13,
            MEMORY_KIB,
            PASSES,
            1,
            salt,
            new byte[HASH_BYTES]);
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=1$%s$%s"
        .formatted(
            MEMORY_KIB,
            PASSES,
            base64.encodeToString(salt),
            base64.encodeToString(argon2.compute(password)));
  }

  @Override
  public boolean matches(byte[] password) {
    return MessageDigest.isEqual(hash, compute(password));
  }

  private byte[] compute(byte[] password) {
    var generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(type)
            .withVersion(version)
            .withMemoryAsKB(memory)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] computed = new byte[hash.length];
    generator.generateBytes(password, computed);
    return computed;
  }

  @Override
  public boolean isOutdated() {
    return type != Argon2Parameters.ARGON2_id || memory < MEMORY_KIB || passes < PASSES;
  }
}
