package io.restpipe.auth.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the RFCs, and tokens that JDK code signed with each algorithm. */
class JwsVectorsTest {

  private static final String JOE =
      "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";

  @TempDir private Path folder;

  private KeyFile file(String content, JwsAlgorithm... allowed) throws Exception {
    Path file = folder.resolve("key");
    Files.writeString(file, content);
    return KeyFile.open(file, List.of(allowed));
  }

  private static String text(byte[] payload) {
    return new String(payload, StandardCharsets.UTF_8);
  }

  @Test
  void rfc_7515_a_1_hs256() throws Exception {
    String token =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQo"
            + "gImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1g"
            + "FWFOEjXk";
    var keys =
        file(
            "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3"
                + "Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}");

    assertThat(text(new JwsVerifier(keys).verify(token))).isEqualTo(JOE);
    var then = InstantSource.fixed(Instant.ofEpochSecond(1300819379));
    var issuer = TrustedIssuer.of(keys).name("joe").requireSubject(false).build();
    assertThat(JwtVerifier.trusting(issuer).clock(then).build().verify(token).claims())
        .containsEntry("http://example.com/is_root", true);
  }

  @Test
  void rfc_7515_a_3_es256() throws Exception {
    String token =
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGx"
            + "lLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5dj"
            + "xLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    var keys =
        file(
            "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus"
                + "9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}");

    assertThat(text(new JwsVerifier(keys).verify(token))).isEqualTo(JOE);
  }

  @Test
  void rfc_8037_a_4_eddsa() throws Exception {
    String token =
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PG"
            + "cvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    var keys =
        file(
            "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}");

    assertThat(text(new JwsVerifier(keys).verify(token))).isEqualTo("Example of Ed25519 signing");
  }

  @Test
  void rfc_7515_a_5_is_refused() throws Exception {
    String token =
        "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxl"
            + "LmNvbS9pc19yb290Ijp0cnVlfQ.";
    var keys = file("0123456789abcdef0123456789abcdef");

    assertThatThrownBy(() -> new JwsVerifier(keys).verify(token)).isInstanceOf(JwtException.class);
  }

  @Test
  void each_algorithm_verifies_what_the_jdk_signs() throws Exception {
    KeyPair rsa = RawTokens.rsa();
    Map<String, KeyPair> pairs =
        Map.of(
            "RS", rsa,
            "PS", rsa,
            "ES256", RawTokens.ec("secp256r1"),
            "ES384", RawTokens.ec("secp384r1"),
            "ES512", RawTokens.ec("secp521r1"),
            "Ed", RawTokens.edwards());
    for (JwsAlgorithm algorithm : JwsAlgorithm.values()) {
      String alg = algorithm.token();
      String header = "{\"alg\":\"" + alg + "\"}";
      if (algorithm.isSymmetric()) {
        byte[] secret = new byte[64];
        String token =
            RawTokens.mac(
                "HmacSHA" + alg.substring(2),
                RawTokens.encode(header) + "." + RawTokens.encode("hello"),
                secret);
        var key = VerificationKey.secret(algorithm, null, secret);
        assertThat(text(new JwsVerifier(KeySet.of(key)).verify(token))).isEqualTo("hello");
        continue;
      }
      KeyPair pair = pairs.containsKey(alg) ? pairs.get(alg) : pairs.get(alg.substring(0, 2));
      String token = RawTokens.sign(alg, header, "hello", pair.getPrivate());
      var key = VerificationKey.of(algorithm, null, pair.getPublic());
      assertThat(text(new JwsVerifier(KeySet.of(key)).verify(token))).as(alg).isEqualTo("hello");
    }
  }
}
