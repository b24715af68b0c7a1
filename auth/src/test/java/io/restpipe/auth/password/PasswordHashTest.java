package io.restpipe.auth.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restpipe.config.Secret;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Hashes that other programs made: htpasswd, openssl passwd, passlib, Django, Werkzeug, argon2. */
class PasswordHashTest {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void assertIs(String hash, String password) throws Exception {
    PasswordHash parsed = PasswordHash.parse(hash);
    assertThat(parsed.matches(bytes(password))).as(hash).isTrue();
    assertThat(parsed.matches(bytes(password + "x"))).as(hash).isFalse();
    assertThat(parsed.matches(bytes(""))).as(hash).isFalse();
  }

  @Test
  void a_new_hash_is_argon2id_and_salted() throws Exception {
    String first = PasswordHash.make(new Secret("pässword"));
    String second = PasswordHash.make(new Secret("pässword"));

    assertThat(first).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").isNotEqualTo(second);
    assertIs(first, "pässword");
    assertThat(PasswordHash.parse(first).isOutdated()).isFalse();
  }

  @Test
  void reads_what_other_programs_made() throws Exception {
    for (Map.Entry<String, String> known : KnownHashes.ALL.entrySet()) {
      assertIs(known.getKey(), known.getValue());
      assertThat(PasswordHash.parse(known.getKey()).isOutdated()).as(known.getKey()).isTrue();
    }
  }

  @Test
  void bcrypt_counts_72_bytes_as_it_always_did() throws Exception {
    String hash = "$2b$04$abcdefghijklmnopqrstuuRR2lR/bDsVYr3RUvDvWDRm8sa1bGmWW";
    assertThat(PasswordHash.parse(hash).isOutdated()).isTrue();
    assertThat(PasswordHash.parse(hash).matches(bytes("nul\0nul"))).isFalse();
  }

  @Test
  void refuses_what_is_unknown_damaged_or_too_costly() {
    for (String hash :
        List.of(
            "",
            "password",
            "SX83J75nwtrUM",
            "{SHA}W6ph5Mm5Pz8GgiULbPg=",
            "{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
            "$1$abcdefgh$short",
            "$5$saltsalt$short",
            "$6$rounds=999999999$saltsalt$" + "a".repeat(86),
            "$6$saltsalt$" + "a".repeat(43),
            "!",
            "$argon2id$v=19$m=99999999,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
            "$argon2id$v=19$m=19456,t=9999,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
            "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$",
            "$2y$31$abcdefghijklmnopqrstuuRR2lR/bDsVYr3RUvDvWDRm8sa1bGmWW",
            "$2y$10$short",
            "$scrypt$ln=30,r=8,p=1$c2FsdA$aGFzaGhhc2hoYXNoaGFzaA",
            "scrypt:3:8:1$salt$" + "ab".repeat(32),
            "$pbkdf2-sha256$999999999$c2FsdA$aGFzaGhhc2hoYXNoaGFzaA",
            "pbkdf2_sha256$1000$salt$!",
            "$apr1$salt$short")) {
      assertThatThrownBy(() -> PasswordHash.parse(hash))
          .as(hash)
          .isInstanceOf(HashFormatException.class)
          .hasMessageStartingWith("the ");
    }
  }

  @Test
  void a_password_has_an_end() {
    assertThatThrownBy(() -> PasswordHash.make(new Secret("x".repeat(1025))))
        .hasMessage("a password has at most 1024 bytes of UTF-8");
  }
}
