package io.restpipe.security;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that openssl made; {@code make.sh} beside them has the commands. */
class PemTest {

  static final Path FILES = Path.of("src/test/resources/identities");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "rsa-pkcs1, RSA",
    "rsa-pkcs8, RSA",
    "ec-sec1, EC",
    "ec-pkcs8, EC",
    "leaf, EC",
    "v1, RSA"
  })
  void reads_a_key_as_openssl_writes_it(String name, String algorithm) {
    PrivateKey key = Pem.readPrivateKey(FILES.resolve(name + ".key.pem"));
    X509Certificate certificate = Pem.readCertificates(FILES.resolve(name + ".crt.pem")).get(0);

    assertThat(key.getAlgorithm()).isEqualTo(algorithm);
    assertThat(Identity.fits(key, certificate.getPublicKey())).isTrue();
  }

  @Test
  void reads_an_ed25519_key() {
    assertThat(Pem.readPrivateKey(FILES.resolve("ed25519.key.pem")).getAlgorithm())
        .isIn("EdDSA", "Ed25519");
  }

  @Test
  void reads_a_chain_in_order() {
    assertThat(Pem.readCertificates(FILES.resolve("chain.crt.pem")))
        .extracting(certificate -> certificate.getSubjectX500Principal().getName())
        .containsExactly("CN=leaf,O=RestPipe", "CN=intermediate,O=RestPipe");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsa-pkcs1", "rsa-pkcs8", "ec-sec1", "ec-pkcs8"})
  void takes_text_around_blocks_and_windows_line_ends_and_byte_order_marks(String name)
      throws IOException {
    String pem = Files.readString(FILES.resolve(name + ".key.pem"));
    String decorated = "\uFEFFBag Attributes: none\nKey: of the server \u00e4\n" + pem + "\n\ntail";
    PrivateKey key = Pem.privateKey("key.pem", pem.getBytes(UTF_8));

    assertThat(Pem.privateKey("a", decorated.getBytes(UTF_8))).isEqualTo(key);
    assertThat(Pem.privateKey("b", decorated.replace("\n", "\r\n").getBytes(UTF_8))).isEqualTo(key);
    assertThat(Pem.privateKey("c", decorated.replace("\n", "\r").getBytes(UTF_8))).isEqualTo(key);
    assertThat(Pem.privateKey("d", pem.getBytes(UTF_16))).isEqualTo(key);
    assertThat(Pem.privateKey("e", pem.indent(2).getBytes(UTF_8))).isEqualTo(key);
  }

  @Test
  void what_it_writes_it_reads() {
    PrivateKey key = Pem.readPrivateKey(FILES.resolve("ec-sec1.key.pem"));
    List<X509Certificate> chain = Pem.readCertificates(FILES.resolve("chain.crt.pem"));

    assertThat(Pem.privateKey("key", Pem.write(key))).isEqualTo(key);
    assertThat(Pem.certificates("chain", Pem.write(chain))).isEqualTo(chain);
  }

  @ParameterizedTest
  @ValueSource(strings = {"encrypted-pkcs8.key.pem", "encrypted-pkcs1.key.pem"})
  void an_encrypted_key_is_refused_with_the_way_out(String name) {
    Path file = FILES.resolve(name);

    assertThatThrownBy(() -> Pem.readPrivateKey(file))
        .isInstanceOf(IdentityException.class)
        .hasMessage(
            file
                + ":1: the private key is encrypted with a passphrase; decrypt it with openssl"
                + " pkey -in "
                + file
                + " -out NEW.key.pem");
  }

  @Test
  void a_certificate_is_no_key() {
    Path file = FILES.resolve("v1.crt.pem");

    assertThatThrownBy(() -> Pem.readPrivateKey(file))
        .hasMessage(file + ": holds no private key but CERTIFICATE; is it the right file?");
  }

  @Test
  void a_key_is_no_certificate() {
    Path file = FILES.resolve("v1.key.pem");

    assertThatThrownBy(() -> Pem.readCertificates(file))
        .hasMessage(file + ": holds no certificate but RSA PRIVATE KEY; is it the right file?");
  }

  @Test
  void two_keys_are_one_too_many() throws IOException {
    String pem = Files.readString(FILES.resolve("ec-pkcs8.key.pem"));

    assertThatThrownBy(() -> Pem.privateKey("key.pem", (pem + pem).getBytes(UTF_8)))
        .hasMessage("key.pem: holds 2 private keys; leave the one that is meant");
  }

  @Test
  void a_file_that_is_cut_off_says_so() throws IOException {
    String pem = "# mine\n" + Files.readString(FILES.resolve("v1.key.pem"));
    byte[] cut = pem.substring(0, pem.length() / 2).getBytes(UTF_8);

    assertThatThrownBy(() -> Pem.privateKey("key.pem", cut))
        .hasMessage("key.pem:2: the PEM block has no END line: the file is cut off; copy it again");
  }

  @Test
  void a_key_that_is_damaged_says_so_without_showing_it() throws IOException {
    String pem = Files.readString(FILES.resolve("rsa-pkcs1.key.pem"));
    String[] lines = pem.split("\n");
    lines[1] = lines[1].replaceAll(".", "A");

    assertThatThrownBy(() -> Pem.privateKey("key.pem", String.join("\n", lines).getBytes(UTF_8)))
        .hasMessage("key.pem:1: the private key is damaged; copy the file again")
        .hasNoCause();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -----BEGIN OPENSSH PRIVATE KEY-----,AAAA,-----END OPENSSH PRIVATE KEY-----|k:1: a key of type OPENSSH PRIVATE KEY can't be used; make an RSA or EC key with openssl genpkey
          -----BEGIN PRIVATE KEY-----,****,-----END PRIVATE KEY-----|k:3: the PEM block is not base64; copy the file again
          -----BEGIN PRIVATE KEY-----,AAAA,-----END RSA PRIVATE KEY-----|k:1: the PEM block does not end with the line "-----END PRIVATE KEY-----"
          -----BEGIN PRIVATE KEY-----,-----BEGIN PRIVATE KEY-----|k:1: the PEM block has no END line before the next BEGIN line
          -----BEGIN EC PRIVATE KEY-----,MAYCAQEEAQE=,-----END EC PRIVATE KEY-----|k:1: the private key is damaged; copy the file again
          -----BEGIN PRIVATE KEY-----,MAwCAQAwBwYFKw4DAho=,-----END PRIVATE KEY-----|k:1: the private key is of a kind that can't be used; make an RSA or EC key with openssl genpkey
          hello|k: holds no PEM block (no line "-----BEGIN ...-----"); is it the right file?
          """)
  void says_what_is_wrong_and_where(String lines, String sentence) {
    byte[] content = lines.replace(',', '\n').getBytes(UTF_8);

    assertThatThrownBy(() -> Pem.privateKey("k", content)).hasMessage(sentence);
  }

  @Test
  void an_empty_file_is_empty() {
    assertThatThrownBy(() -> Pem.certificates("c", new byte[0])).hasMessage("c: is empty");
  }

  @Test
  void binary_forms_are_told_how_to_become_pem() throws Exception {
    byte[] der = Pem.readCertificates(FILES.resolve("v1.crt.pem")).get(0).getEncoded();

    assertThatThrownBy(() -> Pem.certificates("v1.crt", der))
        .hasMessageStartingWith("v1.crt: is binary, not PEM; convert it with openssl x509");
  }

  @Test
  void a_file_that_is_missing_or_huge_says_so() throws IOException {
    Path missing = folder.resolve("missing.pem");
    Path huge = Files.write(folder.resolve("huge.pem"), new byte[Pem.MAX_BYTES + 1]);

    assertThatThrownBy(() -> Pem.readCertificates(missing))
        .hasMessage(missing + ": does not exist");
    assertThatThrownBy(() -> Pem.readCertificates(huge))
        .hasMessage(huge + ": is larger than 1 MiB; is it the right file?");
  }
}
