package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JwtCommandTest {

  private static final String SECRET = "a secret of at least thirty-two bytes";
  private static final String CLAIMS =
      "{\"iss\":\"us\",\"aud\":\"them\",\"sub\":\"ann\",\"exp\":2000000000}";

  @TempDir private Path folder;
  private Path key;

  @BeforeEach
  void writeKey() throws Exception {
    key = Files.writeString(folder.resolve("key"), SECRET + "\n");
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String token(String claims) throws Exception {
    String signed =
        encode("{\"alg\":\"HS256\"}".getBytes(StandardCharsets.UTF_8))
            + "."
            + encode(claims.getBytes(StandardCharsets.UTF_8));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
    return signed + "." + encode(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
  }

  private Captured run(int exitCode, String input, String... arguments) {
    var captured = new Captured(Map.of(), input);
    List<String> all = new ArrayList<>(List.of("jwt", "verify", "--key", key.toString()));
    all.addAll(List.of(arguments));
    assertThat(captured.server().run(all.toArray(String[]::new)))
        .as(captured.out() + captured.err())
        .isEqualTo(exitCode);
    return captured;
  }

  @Test
  void a_good_token_prints_its_payload_wherever_it_comes_from() throws Exception {
    String token = token(CLAIMS);

    assertThat(run(0, "", token).out()).isEqualTo(CLAIMS + "\n");
    assertThat(run(0, token + "\n").out()).isEqualTo(CLAIMS + "\n");
    assertThat(run(0, token, "-").out()).isEqualTo(CLAIMS + "\n");
    run(0, token, "--issuer", "us", "--audience", "them", "--alg", "HS256,HS512");
  }

  @Test
  void a_refusal_says_why_and_does_not_show_the_token() throws Exception {
    String token = token(CLAIMS);

    assertThat(run(ExitCode.REFUSED, token, "--issuer", "else").err())
        .isEqualTo(
            "rp-server jwt: the token is refused: its issuer is not the one that is trusted"
                + " (ISSUER_REFUSED)\n");
    assertThat(run(ExitCode.REFUSED, token, "--at", "2033-05-18T03:34:00Z").err())
        .contains("EXPIRED");
    run(0, token, "--at", "2000000029");
    assertThat(run(ExitCode.REFUSED, token + "?").err())
        .contains("MALFORMED")
        .doesNotContain(token.substring(0, 10));
    assertThat(run(ExitCode.REFUSED, "").err()).contains("not of three parts");
  }

  @Test
  void tokens_that_never_expire_and_payloads_that_are_no_claims_are_taken_on_request()
      throws Exception {
    String endless = token("{\"sub\":\"ann\"}");
    assertThat(run(ExitCode.REFUSED, endless).err()).contains("it has no exp");
    run(0, endless, "--allow-no-exp");

    String letter = token("Dear Ann");
    assertThat(run(ExitCode.REFUSED, letter).err()).contains("is no JSON");
    assertThat(run(0, letter, "--signature-only").out()).isEqualTo("Dear Ann\n");
  }

  @Test
  void a_key_that_must_not_be_used_is_a_wrong_argument() throws Exception {
    Files.writeString(key, "short");
    assertThat(run(ExitCode.USAGE, "x").err()).contains("the secret is too short for HS256");
    Files.writeString(key, "{\"kty\":\"EC\",\"crv\":\"secp256k1\"}");
    assertThat(run(ExitCode.USAGE, "x").err())
        .contains("can't be used for signatures: its crv is secp256k1");
    Files.delete(key);
    assertThat(run(ExitCode.USAGE, "x").err()).contains("there is no such file");
    assertThat(run(ExitCode.USAGE, "x", "--alg", "none").err()).contains("--alg must be one of");
  }
}
