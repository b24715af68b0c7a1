package io.restpipe.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that openssl encrypted; {@code make.sh} beside them has the commands. */
class EncryptedKeyTest {

  private static final Path FILES = PemTest.FILES.resolve("encrypted");
  private static final PassphraseSource SECRET = PassphraseSource.of("s3cr\u00e9t");

  @TempDir Path folder;

  static List<Path> encrypted() throws IOException {
    try (Stream<Path> files = Files.list(FILES)) {
      return files
          .filter(file -> file.toString().matches(".*/(older|pkcs8)-.*pem"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("encrypted")
  void a_key_is_read_however_openssl_encrypted_it(Path file) {
    String kind = file.toString().endsWith(".rsa.key.pem") ? "rsa" : "ec";
    PrivateKey plain = Pem.readPrivateKey(FILES.resolve("plain." + kind + ".key.pem"));

    assertThat(secret(Pem.readPrivateKey(file, SECRET))).isEqualTo(secret(plain));
    assertThat(Pem.isEncrypted(file)).isTrue();
  }

  /** The same key may be encoded with its public half or without. */
  private static BigInteger secret(PrivateKey key) {
    return key instanceof ECPrivateKey ec ? ec.getS() : ((RSAPrivateKey) key).getPrivateExponent();
  }

  @Test
  void the_scheme_of_pkcs12_is_read() {
    Path file = FILES.resolve("ascii-v1.ec.key.pem");

    assertThat(Pem.readPrivateKey(file, PassphraseSource.of("secret")))
        .isEqualTo(Pem.readPrivateKey(FILES.resolve("plain.ec.key.pem")));
  }

  @ParameterizedTest
  @MethodSource("encrypted")
  void another_passphrase_does_not_fit_and_none_is_asked_for(Path file) {
    assertThatThrownBy(() -> Pem.readPrivateKey(file, PassphraseSource.of("secret")))
        .isInstanceOf(IdentityException.class)
        .hasMessage(
            file + ":1: the passphrase does not fit this private key, or the file is damaged")
        .hasNoCause();
    assertThatThrownBy(() -> Pem.readPrivateKey(file))
        .hasMessageContaining("is encrypted with a passphrase");
  }

  @Test
  void an_encryption_that_is_not_known_is_told_how_to_become_one() {
    Path file = FILES.resolve("unknown-camellia128.rsa.key.pem");

    assertThatThrownBy(() -> Pem.readPrivateKey(file, SECRET))
        .hasMessage(
            file
                + ":1: the private key is encrypted in a way that can't be read"
                + " (CAMELLIA-128-CBC); encrypt it anew with openssl pkcs8 -topk8 -in "
                + file
                + " -out NEW.key.pem");
  }

  @Test
  void what_it_encrypts_it_reads_and_a_passphrase_for_a_plain_key_is_not_asked_for() {
    PrivateKey key = Pem.readPrivateKey(FILES.resolve("plain.ec.key.pem"), file -> fail());
    byte[] pem = Pem.write(key, "s3cr\u00e9t".toCharArray());

    assertThat(new String(pem, StandardCharsets.US_ASCII))
        .startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
    assertThat(Pem.privateKey("k", pem, SECRET)).isEqualTo(key);
    assertThat(Pem.write(key, "s3cr\u00e9t".toCharArray())).isNotEqualTo(pem);
  }

  private static char[] fail() {
    throw new AssertionError("asked for a passphrase");
  }

  @Test
  void an_encrypted_key_stays_encrypted_where_it_is_installed_and_replaced() throws IOException {
    Path files = PemTest.FILES;
    IdentityFiles from =
        new IdentityFiles(
            NodeRole.SERVER,
            files.resolve("encrypted-pkcs1.key.pem"),
            files.resolve("rsa-pkcs8.crt.pem"),
            files.resolve("rsa-ca.crt.pem"));
    IdentityFiles to = IdentityFiles.in(folder, NodeRole.SERVER);
    PassphraseSource secret = PassphraseSource.of("secret");
    Instant now = Instant.parse("2026-11-26T00:00:00Z");

    Identity installed = from.install(to, now, secret);

    assertThat(Files.readString(to.key())).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
    assertThat(to.loadChecked(now, secret)).isEqualTo(installed);
    assertThatThrownBy(() -> to.loadChecked(now)).hasMessageContaining("is encrypted");
    to.write(installed, secret);
    assertThat(Pem.isEncrypted(to.key())).isTrue();
    to.write(installed);
    to.write(installed, secret);
    assertThat(Pem.isEncrypted(to.key())).isFalse();
  }

  /** RFC 7914, section 12. */
  @Test
  void scrypt_is_that_of_its_rfc() throws Exception {
    assertThat(hex(Scrypt.derive(bytes(""), bytes(""), 16, 1, 1, 64)))
        .isEqualTo(
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906");
    assertThat(hex(Scrypt.derive(bytes("password"), bytes("NaCl"), 1024, 8, 16, 64)))
        .isEqualTo(
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640");
    assertThatThrownBy(() -> Scrypt.derive(bytes(""), bytes(""), 1 << 30, 8, 1, 64))
        .hasMessage("too much memory: N=1073741824, r=8, p=1");
    assertThatThrownBy(() -> Scrypt.derive(bytes(""), bytes(""), 3, 8, 1, 64))
        .hasMessage("N=3, r=8, p=1");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
