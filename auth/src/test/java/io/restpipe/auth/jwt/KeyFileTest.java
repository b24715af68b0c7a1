package io.restpipe.auth.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restpipe.auth.internal.JsonText;
import io.restpipe.security.Pem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {

  @TempDir private Path folder;

  private Path file(String content) throws Exception {
    Path file = folder.resolve("key");
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(count++)));
    return file;
  }

  private int count;

  private static String publicPem(KeyPair pair) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(pair.getPublic().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  private void assertRefused(String content, String message, JwsAlgorithm... allowed) {
    assertThatThrownBy(() -> KeyFile.open(file(content), List.of(allowed)))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining(message);
  }

  @Test
  void reads_each_form() throws Exception {
    for (KeyPair pair :
        List.of(
            RawTokens.rsa(),
            RawTokens.ec("secp256r1"),
            RawTokens.ec("secp384r1"),
            RawTokens.ec("secp521r1"),
            RawTokens.edwards())) {
      String privatePem = new String(Pem.write(pair.getPrivate()), StandardCharsets.US_ASCII);
      try (var ofPublic = KeyFile.open(file(publicPem(pair)), List.of())) {
        JwsAlgorithm algorithm = ofPublic.keys().keys().get(0).algorithm();
        SigningKey signing = SigningKey.read(file(privatePem), algorithm);
        String token = JwtIssuer.signingWith(signing).build().issue("ann").token();
        var unnamed = token; // its kid is the thumbprint; the PEM key has no name and takes any
        assertThat(new JwsVerifier(ofPublic).verify(unnamed)).isNotEmpty();
        try (var ofPrivate = KeyFile.open(file(privatePem), List.of())) {
          assertThat(new JwsVerifier(ofPrivate).verify(token)).isNotEmpty();
        }
        var jwks = Map.of("keys", List.of(signing.publicJwk().orElseThrow()));
        try (var ofSet = KeyFile.open(file(JsonText.of(jwks)), List.of())) {
          assertThat(new JwsVerifier(ofSet).verify(token)).isNotEmpty();
        }
      }
    }
  }

  @Test
  void a_secret_must_be_long_enough() {
    assertRefused("short", "the secret is too short for HS256: 5 bytes, it needs at least 32");
    assertRefused(
        "0123456789abcdef0123456789abcdef", "too short for HS512: 32 bytes", JwsAlgorithm.HS512);
    assertRefused("{\"kty\":\"oct\",\"k\":\"AAAA\"}", "too short for HS256: 3 bytes");
  }

  @Test
  void weak_and_unfit_keys_are_refused() throws Exception {
    KeyPairGenerator weak = KeyPairGenerator.getInstance("RSA");
    weak.initialize(1024);
    assertRefused(publicPem(weak.generateKeyPair()), "the RSA key has 1024 bits");
    assertRefused(publicPem(RawTokens.rsa()), "none of the allowed algorithms", JwsAlgorithm.ES256);
    assertRefused(publicPem(RawTokens.rsa()), "none of the allowed", JwsAlgorithm.HS256);
    assertRefused(publicPem(RawTokens.ec("secp384r1")), "none of the allowed", JwsAlgorithm.ES256);
    assertRefused("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "damaged");
    assertRefused("{\"keys\":[]}", "there is no key for signatures in the set");
    assertRefused("{\"keys\":7}", "keys is no array");
    assertRefused("{\"kty\":\"EC\"", "the key file is no JSON");
    assertRefused("{\"kty\":\"RSA\",\"kty\":\"oct\",\"k\":\"AAAA\"}", "has a key twice");
    assertRefused("", "empty");
  }

  @Test
  void secrets_and_public_keys_do_not_mix() throws Exception {
    var set = new ArrayList<Object>();
    set.add(SigningKey.generate(JwsAlgorithm.ES256).publicJwk().orElseThrow());
    set.add(Map.of("kty", "oct", "k", RawTokens.encode(new byte[32])));

    assertRefused(JsonText.of(Map.of("keys", set)), "must not be in one set");
  }

  @Test
  void keys_for_other_uses_are_passed_over() throws Exception {
    var good = SigningKey.generate(JwsAlgorithm.ES256).publicJwk().orElseThrow();
    var encryption =
        new java.util.HashMap<>(SigningKey.generate(JwsAlgorithm.ES384).publicJwk().orElseThrow());
    encryption.put("use", "enc");
    var other = new java.util.HashMap<>(good);
    other.put("alg", "ECDH-ES");
    var set = List.of(encryption, other, Map.of("kty", "AKP", "pub", "x"), good);
    try (var keys = KeyFile.open(file(JsonText.of(Map.of("keys", set))), List.of())) {
      assertThat(keys.keys().keys()).hasSize(1);
    } catch (KeyException e) {
      // An unknown kty is passed over, too: RFC 7517 section 5.
      throw new AssertionError(e);
    }
  }

  @Test
  void rotates_by_kid_when_the_file_changes() throws Exception {
    SigningKey first = SigningKey.generate(JwsAlgorithm.ES256);
    SigningKey second = SigningKey.generate(JwsAlgorithm.ES256);
    String ofFirst = JwtIssuer.signingWith(first).build().issue("ann").token();
    String ofSecond = JwtIssuer.signingWith(second).build().issue("ann").token();
    Path file = file(set(first));
    try (var keys = KeyFile.open(file, List.of())) {
      var verifier = JwtVerifier.trusting(TrustedIssuer.of(keys).build()).build();
      verifier.verify(ofFirst);
      assertThatThrownBy(() -> verifier.verify(ofSecond)).hasMessage("its key is not known");

      file(set(first, second));
      keys.refresh();
      verifier.verify(ofFirst);
      verifier.verify(ofSecond);

      file(set(second));
      keys.refresh();
      // Although it was good and remembered.
      assertThatThrownBy(() -> verifier.verify(ofFirst)).hasMessage("its key is not known");
      verifier.verify(ofSecond);

      file("{ broken");
      keys.refresh();
      verifier.verify(ofSecond);
    }
  }

  private static String set(SigningKey... keys) {
    return JsonText.of(
        Map.of(
            "keys",
            java.util.Arrays.stream(keys).map(key -> key.publicJwk().orElseThrow()).toList()));
  }

  @Test
  void makes_a_key_once_that_only_its_owner_can_read() throws Exception {
    Path file = folder.resolve("made");

    SigningKey made = SigningKey.readOrMake(file);
    SigningKey again = SigningKey.readOrMake(file);

    assertThat(again).isEqualTo(made);
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    String token = JwtIssuer.signingWith(made).build().issue("ann").token();
    try (var keys = KeyFile.open(file, List.of())) {
      assertThat(new JwsVerifier(keys).verify(token)).isNotEmpty();
    }
    assertThat(JsonText.of(made.publicJwk().orElseThrow())).doesNotContain("\"d\"");
  }
}
