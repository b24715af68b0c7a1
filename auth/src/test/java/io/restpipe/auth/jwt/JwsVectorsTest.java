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

  private static final String FRODO =
      "It\u2019s a dangerous business, Frodo, going out your door. You step onto the road, and if you"
          + " don't keep your feet, there\u2019s no knowing where you might be swept off to.";

  @Test
  void rfc_7520_4_2_ps384() throws Exception {
    String key =
        "{\"kty\":\"RSA\",\"kid\":\"bilbo.baggins@hobbiton.example\",\"use\":\"sig\",\"e\":\"AQAB\",\"n\":\""
            + "n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nq"
            + "Q0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3R"
            + "BordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEH"
            + "g8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__"
            + "kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw"
            + "\"}";
    String token =
        "eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.SXTig"
            + "JlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN"
            + "0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXig"
            + "JlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4.cu22eBqkYDKgIlT"
            + "pzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xEsnk2IpN6-tPid6VrklHkqsGqDqHCdP6O8TTB"
            + "5dDDItllVo6_1OLPpcbUrhiUSMxbbXUvdvWXzg-UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn442"
            + "ZdNqiVJRmBqrYRXe8P_ijQ7p8Vdz0TTrxUeT3lm8d9shnr2lfJT8ImUjvAA2Xez2Mlp8cBE5awDzT0"
            + "qI0n6uiP1aCN_2_jLAeQTlqRHtfa64QQSUmFAAjVKPbByi7xho0uTOcbH510a6GYmJUAfmWjwZ6oD4"
            + "ifKo8DYM-X72Eaw";

    assertThat(text(new JwsVerifier(file(key, JwsAlgorithm.PS384)).verify(token))).isEqualTo(FRODO);
    // Without a word in file or settings the key is for RS256.
    assertThatThrownBy(() -> new JwsVerifier(file(key)).verify(token))
        .isInstanceOf(JwtException.class);
  }

  @Test
  void rfc_7520_4_3_es512() throws Exception {
    String key =
        "{\"kty\":\"EC\",\"kid\":\"bilbo.baggins@hobbiton.example\",\"use\":\"sig\",\"crv\":\"P-521\",\"x\":\""
            + "AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRX"
            + "YgCF5cj0Kt"
            + "\",\"y\":\""
            + "AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9cwl"
            + "GfP-HqHZR1"
            + "\"}";
    String token =
        "eyJhbGciOiJFUzUxMiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.SXTig"
            + "JlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN"
            + "0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXig"
            + "JlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4.AE_R_YZCChjn479"
            + "1jSQCrdPZCNYqHXCTZH0-JZGYNlaAjP2kqaluUIIUnC9qvbu9Plon7KRTzoNEuT4Va2cmL1eJAQy3m"
            + "tPBu_u_sDDyYjnAMDxXPn7XrT0lw-kvAD890jl8e2puQens_IEKBpHABlsbEPX6sFY8OcGDqoRuBom"
            + "u9xQ2";

    assertThat(text(new JwsVerifier(file(key)).verify(token))).isEqualTo(FRODO);
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
            "Ed448", RawTokens.edwards("Ed448"),
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
