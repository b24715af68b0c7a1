package io.restpipe.security;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Base64;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever is in a file: it is read, or refused in a sentence that begins with the file. */
class PemPropertiesTest {

  @Property(tries = 500)
  void any_bytes_are_read_or_refused(@ForAll byte[] content) {
    readOrRefused(content);
  }

  @Property(tries = 1000)
  void any_lines_that_look_like_pem_are_read_or_refused(@ForAll("pemLike") String text) {
    readOrRefused(text.getBytes(ISO_8859_1));
  }

  @Property(tries = 1000)
  void any_bytes_in_a_block_are_read_or_refused(
      @ForAll("keyTypes") String type, @ForAll("derLike") byte[] der) {
    String block =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(type, Base64.getMimeEncoder().encodeToString(der), type);
    readOrRefused(block.getBytes(US_ASCII));
  }

  @Property(tries = 2000)
  void a_real_file_with_any_byte_changed_is_read_or_refused(
      @ForAll("files") String file,
      @ForAll @IntRange(min = 0, max = 1 << 16) int at,
      @ForAll byte b) {
    byte[] content = content(file);
    content[at % content.length] = b;
    readOrRefused(content);
  }

  @Property(tries = 1000)
  void a_real_key_with_any_byte_of_its_der_changed_is_read_or_refused(
      @ForAll("keyFiles") String file,
      @ForAll @IntRange(min = 0, max = 1 << 16) int at,
      @ForAll byte b) {
    PemBlock block =
        PemParser.parse("f", content(file)).stream()
            .filter(PemBlock::isPrivateKey)
            .findFirst()
            .orElseThrow();
    byte[] der = block.der();
    der[at % Math.min(der.length, 60)] = b;
    String pem =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(block.type(), Base64.getMimeEncoder().encodeToString(der), block.type());
    readOrRefused(pem.getBytes(US_ASCII));
  }

  @Property(tries = 500)
  void a_real_file_cut_off_anywhere_is_read_or_refused(
      @ForAll("files") String file, @ForAll @IntRange(min = 0, max = 1 << 16) int at) {
    byte[] content = content(file);
    readOrRefused(Arrays.copyOf(content, at % content.length));
  }

  private static void readOrRefused(byte[] content) {
    try {
      assertThat(Pem.privateKey("f", content)).isNotNull();
    } catch (IdentityException e) {
      assertThat(e.problems()).allSatisfy(problem -> assertThat(problem).startsWith("f:"));
    }
    try {
      assertThat(Pem.certificates("f", content)).isNotEmpty();
    } catch (IdentityException e) {
      assertThat(e.problems()).allSatisfy(problem -> assertThat(problem).startsWith("f:"));
    }
  }

  private static byte[] content(String file) {
    try {
      return Files.readAllBytes(PemTest.FILES.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Provide
  Arbitrary<String> pemLike() {
    return Arbitraries.of(
            "-----BEGIN PRIVATE KEY-----",
            "-----END PRIVATE KEY-----",
            "-----BEGIN EC PARAMETERS-----",
            "-----END EC PARAMETERS-----",
            "-----BEGIN EC PRIVATE KEY-----",
            "-----END EC PRIVATE KEY-----",
            "-----BEGIN CERTIFICATE-----",
            "-----END CERTIFICATE-----",
            "-----BEGIN -----",
            "-----END ",
            "Proc-Type: 4,ENCRYPTED",
            "MAoGCCqGSM49AwEH",
            "BggqhkjOPQMBBw==",
            "====",
            "\u0000\u00ff",
            "")
        .list()
        .ofMaxSize(8)
        .map(lines -> String.join("\n", lines));
  }

  @Provide
  Arbitrary<byte[]> derLike() {
    return Arbitraries.of(0x30, 0x02, 0x04, 0x06, 0xA0, 0xA1, 0x80, 0x81, 0x82, 0, 1, 3, 5, 0xFF)
        .map(Integer::byteValue)
        .array(byte[].class)
        .ofMaxSize(24);
  }

  @Provide
  Arbitrary<String> keyTypes() {
    return Arbitraries.of(
        "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "CERTIFICATE");
  }

  @Provide
  Arbitrary<String> files() {
    return Arbitraries.of("ec-sec1.key.pem", "rsa-pkcs1.key.pem", "chain.crt.pem", "v1.crt.pem");
  }

  @Provide
  Arbitrary<String> keyFiles() {
    return Arbitraries.of(
        "ec-sec1.key.pem",
        "ec-pkcs8.key.pem",
        "rsa-pkcs1.key.pem",
        "rsa-pkcs8.key.pem",
        "ed25519.key.pem");
  }
}
