package io.restpipe.auth.jwt;

import static io.restpipe.auth.jwt.RawTokens.encode;
import static io.restpipe.auth.jwt.RawTokens.hmac;
import static io.restpipe.auth.jwt.RawTokens.mac;
import static io.restpipe.auth.jwt.RawTokens.sign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restpipe.auth.jwt.JwtException.Reason;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Tokens as attackers and careless issuers make them: all refused, and none by an accident. */
class HostileTokensTest {

  private static final long NOW = 1_800_000_000L;
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(NOW));
  private static final byte[] SECRET =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final KeyPair RSA = RawTokens.rsa();
  private static final KeyPair EC = RawTokens.ec("secp256r1");
  private static final KeyPair EC_384 = RawTokens.ec("secp384r1");
  private static final KeyPair EC_521 = RawTokens.ec("secp521r1");
  private static final KeyPair EDWARDS = RawTokens.edwards();
  private static final KeyPair EDWARDS_448 = RawTokens.edwards("Ed448");

  private static final String PAYLOAD =
      "{\"iss\":\"issuer\",\"sub\":\"ann\",\"aud\":\"us\",\"exp\":%d,\"iat\":%d,\"jti\":\"1\"}"
          .formatted(NOW + 600, NOW);
  private static final String HS = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
  private static final String ES = "{\"alg\":\"ES256\",\"typ\":\"JWT\"}";

  private static JwtVerifier verifier(VerificationKey... keys) {
    try {
      return JwtVerifier.trusting(
              TrustedIssuer.of(KeySet.of(List.of(keys))).name("issuer").audience("us").build())
          .clock(CLOCK)
          .build();
    } catch (KeyException e) {
      throw new AssertionError(e);
    }
  }

  private static JwtVerifier hs() {
    try {
      return verifier(VerificationKey.secret(JwsAlgorithm.HS256, null, SECRET));
    } catch (KeyException e) {
      throw new AssertionError(e);
    }
  }

  private static JwtVerifier asymmetric(JwsAlgorithm algorithm, KeyPair pair) {
    try {
      return verifier(VerificationKey.of(algorithm, null, pair.getPublic()));
    } catch (KeyException e) {
      throw new AssertionError(e);
    }
  }

  private static final Map<String, JwtVerifier> ALL = verifiers();

  private static Map<String, JwtVerifier> verifiers() {
    var verifiers = new LinkedHashMap<String, JwtVerifier>();
    verifiers.put("HS256", hs());
    verifiers.put("RS256", asymmetric(JwsAlgorithm.RS256, RSA));
    verifiers.put("ES256", asymmetric(JwsAlgorithm.ES256, EC));
    verifiers.put("PS256", asymmetric(JwsAlgorithm.PS256, RSA));
    verifiers.put("ES384", asymmetric(JwsAlgorithm.ES384, EC_384));
    verifiers.put("ES512", asymmetric(JwsAlgorithm.ES512, EC_521));
    verifiers.put("EdDSA", asymmetric(JwsAlgorithm.EDDSA, EDWARDS));
    verifiers.put("Ed448", asymmetric(JwsAlgorithm.ED448, EDWARDS_448));
    return verifiers;
  }

  private static final Map<String, String> GOOD =
      Map.of(
          "HS256", hmac(HS, PAYLOAD, SECRET),
          "RS256", good("RS256", RSA),
          "PS256", good("PS256", RSA),
          "ES256", good("ES256", EC),
          "ES384", good("ES384", EC_384),
          "ES512", good("ES512", EC_521),
          "EdDSA", good("EdDSA", EDWARDS),
          "Ed448", good("Ed448", EDWARDS_448));

  private static String good(String algorithm, KeyPair pair) {
    String header = "{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}";
    return sign(algorithm, header, PAYLOAD, pair.getPrivate());
  }

  private static String signedHs(String header, String payload) {
    return hmac(header, payload, SECRET);
  }

  private static String payload(String with) {
    return PAYLOAD.substring(0, PAYLOAD.length() - 1) + "," + with + "}";
  }

  private static String payloadWithout(String claim, String instead) {
    String without = PAYLOAD.replaceFirst("\"" + claim + "\":(\"[^\"]*\"|\\d+),?", "");
    without = without.replace(",}", "}");
    return instead.isEmpty()
        ? without
        : without.substring(0, without.length() - 1) + "," + instead + "}";
  }

  @Test
  void good_tokens_are_accepted() throws JwtException {
    for (String algorithm : ALL.keySet()) {
      assertThat(ALL.get(algorithm).verify(GOOD.get(algorithm)).subject()).contains("ann");
      // ... and again, from memory.
      assertThat(ALL.get(algorithm).verify(GOOD.get(algorithm)).subject()).contains("ann");
    }
  }

  /** Signed with the right secret, so only what is said of each can be what refuses it. */
  @TestFactory
  Stream<DynamicTest> what_is_wrong_inside() {
    var cases = new LinkedHashMap<String, String>();
    cases.put("crit", signedHs("{\"alg\":\"HS256\",\"crit\":[\"exp\"],\"exp\":1}", PAYLOAD));
    cases.put("empty crit", signedHs("{\"alg\":\"HS256\",\"crit\":[]}", PAYLOAD));
    cases.put("crit null", signedHs("{\"alg\":\"HS256\",\"crit\":null}", PAYLOAD));
    cases.put(
        "b64=false with crit",
        signedHs("{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}", PAYLOAD));
    cases.put("b64=false", signedHs("{\"alg\":\"HS256\",\"b64\":false}", PAYLOAD));
    cases.put("b64 is text", signedHs("{\"alg\":\"HS256\",\"b64\":\"true\"}", PAYLOAD));
    cases.put("zip", signedHs("{\"alg\":\"HS256\",\"zip\":\"DEF\"}", PAYLOAD));
    cases.put("enc", signedHs("{\"alg\":\"HS256\",\"enc\":\"A128GCM\"}", PAYLOAD));
    cases.put("alg twice", signedHs("{\"alg\":\"HS256\",\"alg\":\"HS256\"}", PAYLOAD));
    cases.put(
        "alg twice, escaped", signedHs("{\"alg\":\"HS256\",\"\\u0061lg\":\"none\"}", PAYLOAD));
    cases.put("alg missing", signedHs("{\"typ\":\"JWT\"}", PAYLOAD));
    cases.put("alg null", signedHs("{\"alg\":null}", PAYLOAD));
    cases.put("alg a number", signedHs("{\"alg\":256}", PAYLOAD));
    cases.put("alg a list", signedHs("{\"alg\":[\"HS256\"]}", PAYLOAD));
    cases.put("alg in small letters", signedHs("{\"alg\":\"hs256\"}", PAYLOAD));
    cases.put("alg with a space", signedHs("{\"alg\":\"HS256 \"}", PAYLOAD));
    cases.put("alg empty", signedHs("{\"alg\":\"\"}", PAYLOAD));
    cases.put("alg HS1", signedHs("{\"alg\":\"HS1\"}", PAYLOAD));
    cases.put("kid a number", signedHs("{\"alg\":\"HS256\",\"kid\":1}", PAYLOAD));
    cases.put("kid empty", signedHs("{\"alg\":\"HS256\",\"kid\":\"\"}", PAYLOAD));
    cases.put(
        "kid huge", signedHs("{\"alg\":\"HS256\",\"kid\":\"" + "k".repeat(300) + "\"}", PAYLOAD));
    cases.put("typ another", signedHs("{\"alg\":\"HS256\",\"typ\":\"logout+jwt\"}", PAYLOAD));
    cases.put("typ a number", signedHs("{\"alg\":\"HS256\",\"typ\":7}", PAYLOAD));
    cases.put("typ of a JWE", signedHs("{\"alg\":\"HS256\",\"typ\":\"JOSE\"}", PAYLOAD));
    cases.put("cty says nested", signedHs("{\"alg\":\"HS256\",\"cty\":\"JWT\"}", PAYLOAD));
    cases.put("header no object", signedHs("[\"HS256\"]", PAYLOAD));
    cases.put("header goes on", signedHs(HS + "{}", PAYLOAD));
    cases.put("header with comment", signedHs("/**/" + HS, PAYLOAD));
    cases.put("header with BOM", signedHs("\uFEFF" + HS, PAYLOAD));
    cases.put("header in single quotes", signedHs("{'alg':'HS256'}", PAYLOAD));
    cases.put("header cut off", signedHs("{\"alg\":\"HS256\"", PAYLOAD));
    cases.put("header with trailing comma", signedHs("{\"alg\":\"HS256\",}", PAYLOAD));
    cases.put(
        "header huge", signedHs("{\"alg\":\"HS256\",\"x\":\"" + "x".repeat(3000) + "\"}", PAYLOAD));
    cases.put(
        "header deep",
        signedHs("{\"alg\":\"HS256\",\"x\":" + "[".repeat(50) + "]".repeat(50) + "}", PAYLOAD));
    cases.put("payload empty", signedHs(HS, ""));
    cases.put("payload a list", signedHs(HS, "[" + PAYLOAD + "]"));
    cases.put("payload a text", signedHs(HS, "\"" + GOOD.get("HS256") + "\""));
    cases.put("payload a token", signedHs(HS, GOOD.get("HS256")));
    cases.put("payload null", signedHs(HS, "null"));
    cases.put("payload twice", signedHs(HS, PAYLOAD + PAYLOAD));
    cases.put("payload with a byte after it", signedHs(HS, PAYLOAD + "\u0000"));
    cases.put("payload with BOM", signedHs(HS, "\uFEFF" + PAYLOAD));
    cases.put(
        "payload deep",
        signedHs(HS, payload("\"x\":" + "{\"a\":".repeat(40) + "1" + "}".repeat(40))));
    cases.put(
        "payload not UTF-8", mac("HmacSHA256", encode(HS) + "." + encode(withByte(0xff)), SECRET));
    cases.put(
        "payload with an overlong slash",
        mac("HmacSHA256", encode(HS) + "." + encode(withBytes(0xc0, 0xaf)), SECRET));
    cases.put(
        "payload in UTF-16",
        mac(
            "HmacSHA256",
            encode(HS) + "." + encode(PAYLOAD.getBytes(StandardCharsets.UTF_16BE)),
            SECRET));
    cases.put("sub twice", signedHs(HS, payload("\"sub\":\"admin\"")));
    cases.put("sub twice, escaped", signedHs(HS, payload("\"\\u0073ub\":\"admin\"")));
    cases.put("exp twice", signedHs(HS, payload("\"exp\":" + (NOW + 60))));
    cases.put("duplicate inside a claim", signedHs(HS, payload("\"x\":{\"a\":1,\"a\":2}")));
    cases.put("exp past", signedHs(HS, payloadWithout("exp", "\"exp\":" + (NOW - 31))));
    cases.put("exp zero", signedHs(HS, payloadWithout("exp", "\"exp\":0")));
    cases.put("exp negative", signedHs(HS, payloadWithout("exp", "\"exp\":-1")));
    cases.put("exp missing", signedHs(HS, payloadWithout("exp", "")));
    cases.put("exp null", signedHs(HS, payloadWithout("exp", "\"exp\":null")));
    cases.put("exp a text", signedHs(HS, payloadWithout("exp", "\"exp\":\"" + (NOW + 60) + "\"")));
    cases.put("exp true", signedHs(HS, payloadWithout("exp", "\"exp\":true")));
    cases.put("exp a list", signedHs(HS, payloadWithout("exp", "\"exp\":[" + (NOW + 60) + "]")));
    cases.put("exp an object", signedHs(HS, payloadWithout("exp", "\"exp\":{}")));
    cases.put(
        "exp beyond all dates", signedHs(HS, payloadWithout("exp", "\"exp\":999999999999999999")));
    cases.put("exp beyond long", signedHs(HS, payloadWithout("exp", "\"exp\":" + "9".repeat(60))));
    cases.put("exp 1e400", signedHs(HS, payloadWithout("exp", "\"exp\":1e400")));
    cases.put("exp 1e999999999", signedHs(HS, payloadWithout("exp", "\"exp\":1e999999999")));
    cases.put("exp NaN", signedHs(HS, payloadWithout("exp", "\"exp\":NaN")));
    cases.put("exp Infinity", signedHs(HS, payloadWithout("exp", "\"exp\":Infinity")));
    cases.put("exp in hexadecimal", signedHs(HS, payloadWithout("exp", "\"exp\":0x7fffffff")));
    cases.put(
        "exp with leading zero", signedHs(HS, payloadWithout("exp", "\"exp\":0" + (NOW + 60))));
    cases.put("nbf in the future", signedHs(HS, payload("\"nbf\":" + (NOW + 31))));
    cases.put("nbf a text", signedHs(HS, payload("\"nbf\":\"0\"")));
    cases.put("nbf null", signedHs(HS, payload("\"nbf\":null")));
    cases.put("iat in the future", signedHs(HS, payloadWithout("iat", "\"iat\":" + (NOW + 3600))));
    cases.put("iat a text", signedHs(HS, payloadWithout("iat", "\"iat\":\"1\"")));
    cases.put("iss another", signedHs(HS, payloadWithout("iss", "\"iss\":\"evil\"")));
    cases.put("iss missing", signedHs(HS, payloadWithout("iss", "")));
    cases.put("iss a list", signedHs(HS, payloadWithout("iss", "\"iss\":[\"issuer\",\"evil\"]")));
    cases.put("iss in capitals", signedHs(HS, payloadWithout("iss", "\"iss\":\"ISSUER\"")));
    cases.put("iss with a slash", signedHs(HS, payloadWithout("iss", "\"iss\":\"issuer/\"")));
    cases.put("iss of look-alikes", signedHs(HS, payloadWithout("iss", "\"iss\":\"\u0456ssuer\"")));
    cases.put(
        "iss with zero width", signedHs(HS, payloadWithout("iss", "\"iss\":\"iss\u200Buer\"")));
    cases.put("aud another", signedHs(HS, payloadWithout("aud", "\"aud\":\"them\"")));
    cases.put("aud missing", signedHs(HS, payloadWithout("aud", "")));
    cases.put(
        "aud of others", signedHs(HS, payloadWithout("aud", "\"aud\":[\"them\",\"others\"]")));
    cases.put("aud empty list", signedHs(HS, payloadWithout("aud", "\"aud\":[]")));
    cases.put("aud nested list", signedHs(HS, payloadWithout("aud", "\"aud\":[[\"us\"]]")));
    cases.put("aud with a number", signedHs(HS, payloadWithout("aud", "\"aud\":[\"us\",1]")));
    cases.put("aud an object", signedHs(HS, payloadWithout("aud", "\"aud\":{\"us\":true}")));
    cases.put("aud part of it", signedHs(HS, payloadWithout("aud", "\"aud\":\"us2\"")));
    cases.put("aud parted by spaces", signedHs(HS, payloadWithout("aud", "\"aud\":\"them us\"")));
    cases.put("sub missing", signedHs(HS, payloadWithout("sub", "")));
    cases.put("sub a number", signedHs(HS, payloadWithout("sub", "\"sub\":1")));
    cases.put("sub empty", signedHs(HS, payloadWithout("sub", "\"sub\":\"\"")));
    cases.put(
        "sub with a line break", signedHs(HS, payloadWithout("sub", "\"sub\":\"ann\\nadmin\"")));
    cases.put("sub with NUL", signedHs(HS, payloadWithout("sub", "\"sub\":\"ann\\u0000\"")));
    cases.put("sub right to left", signedHs(HS, payloadWithout("sub", "\"sub\":\"\u202Enna\"")));
    cases.put("sub half a character", signedHs(HS, payloadWithout("sub", "\"sub\":\"\\ud800\"")));
    cases.put(
        "sub huge", signedHs(HS, payloadWithout("sub", "\"sub\":\"" + "a".repeat(2000) + "\"")));
    cases.put("jti a number", signedHs(HS, payloadWithout("jti", "\"jti\":5")));
    cases.put("jti a list", signedHs(HS, payloadWithout("jti", "\"jti\":[\"1\"]")));
    cases.put("whole huge", signedHs(HS, payload("\"x\":\"" + "x".repeat(9000) + "\"")));
    return refused("HS256", cases);
  }

  private static byte[] withByte(int value) {
    return withBytes(value);
  }

  private static byte[] withBytes(int... values) {
    byte[] start =
        (PAYLOAD.substring(0, PAYLOAD.length() - 1) + ",\"x\":\"").getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(start, start.length + values.length + 2);
    for (int i = 0; i < values.length; i++) {
      all[start.length + i] = (byte) values[i];
    }
    all[all.length - 2] = '"';
    all[all.length - 1] = '}';
    return all;
  }

  /** Whatever the key is, the form must be right. */
  @TestFactory
  Stream<DynamicTest> what_is_wrong_with_the_form() {
    return ALL.keySet().stream()
        .flatMap(
            algorithm -> {
              String good = GOOD.get(algorithm);
              String[] parts = good.split("\\.");
              var cases = new LinkedHashMap<String, String>();
              cases.put("empty", "");
              cases.put("a word", "token");
              cases.put("only dots", "..");
              cases.put("one part", parts[0]);
              cases.put("two parts", parts[0] + "." + parts[1]);
              cases.put("no signature", parts[0] + "." + parts[1] + ".");
              cases.put("detached", parts[0] + ".." + parts[2]);
              cases.put("no header", "." + parts[1] + "." + parts[2]);
              cases.put("four parts", good + ".x");
              cases.put("five parts", good + ".x.y");
              cases.put("dot after", good + ".");
              cases.put("dot before", "." + good);
              cases.put("space after", good + " ");
              cases.put("space before", " " + good);
              cases.put("line break after", good + "\n");
              cases.put("tab inside", parts[0] + ".\t" + parts[1] + "." + parts[2]);
              cases.put(
                  "line break in a part",
                  parts[0]
                      + "."
                      + parts[1].substring(0, 9)
                      + "\r\n"
                      + parts[1].substring(9)
                      + "."
                      + parts[2]);
              cases.put("NUL inside", parts[0] + "\u0000." + parts[1] + "." + parts[2]);
              cases.put("padded header", pad(parts[0]) + "." + parts[1] + "." + parts[2]);
              cases.put("padded payload", parts[0] + "." + pad(parts[1]) + "." + parts[2]);
              cases.put("padded signature", parts[0] + "." + parts[1] + "." + pad(parts[2]));
              cases.put(
                  "base64, not base64url",
                  parts[0] + "." + parts[1] + "." + withLetter(parts[2], '+'));
              cases.put("a slash", parts[0] + "." + parts[1] + "." + withLetter(parts[2], '/'));
              cases.put(
                  "a full-width letter",
                  parts[0] + "." + parts[1] + "." + withLetter(parts[2], '\uFF21'));
              cases.put("a letter too many", good + "A");
              cases.put("a byte more", parts[0] + "." + parts[1] + "." + parts[2] + "AAAA");
              cases.put("bits left over", parts[0] + "." + parts[1] + "." + nextLetter(parts[2]));
              cases.put("truncated signature", good.substring(0, good.length() - 8));
              cases.put(
                  "half a signature",
                  parts[0] + "." + parts[1] + "." + parts[2].substring(0, parts[2].length() / 2));
              cases.put(
                  "one bit of the signature", parts[0] + "." + parts[1] + "." + flip(parts[2]));
              cases.put("one bit of the payload", parts[0] + "." + flip(parts[1]) + "." + parts[2]);
              cases.put(
                  "signature of zeros",
                  parts[0]
                      + "."
                      + parts[1]
                      + "."
                      + encode(new byte[Base64.getUrlDecoder().decode(parts[2]).length]));
              cases.put(
                  "other payload",
                  parts[0] + "." + encode(PAYLOAD.replace("ann", "adm")) + "." + parts[2]);
              cases.put(
                  "other header",
                  encode("{\"typ\":\"JWT\",\"alg\":\"" + algorithm + "\"}")
                      + "."
                      + parts[1]
                      + "."
                      + parts[2]);
              cases.put(
                  "JSON form",
                  "{\"payload\":\""
                      + parts[1]
                      + "\",\"protected\":\""
                      + parts[0]
                      + "\",\"signature\":\""
                      + parts[2]
                      + "\"}");
              cases.put(
                  "general JSON form",
                  "{\"payload\":\""
                      + parts[1]
                      + "\",\"signatures\":[{\"protected\":\""
                      + parts[0]
                      + "\",\"signature\":\""
                      + parts[2]
                      + "\"}]}");
              cases.put("with Bearer", "Bearer " + good);
              cases.put("huge", good + "A".repeat(1 << 20));
              for (String none : List.of("none", "None", "NONE", "nOnE", "none ", "\\u006eone")) {
                String header = encode("{\"alg\":\"" + none + "\",\"typ\":\"JWT\"}");
                cases.put("alg " + none + ", unsigned", header + "." + parts[1] + ".");
                cases.put("alg " + none + ", signed", header + "." + parts[1] + "." + parts[2]);
                cases.put("alg " + none + ", two parts", header + "." + parts[1]);
              }
              for (String other : GOOD.keySet()) {
                if (!other.equals(algorithm)) {
                  cases.put("good for " + other, GOOD.get(other));
                  cases.put(
                      "alg " + other + " over a good one",
                      encode("{\"alg\":\"" + other + "\"}") + "." + parts[1] + "." + parts[2]);
                }
              }
              for (String other :
                  List.of(
                      "HS384",
                      "HS512",
                      "RS384",
                      "PS256",
                      "ES384",
                      "ES512",
                      "ES256K",
                      "RSA1_5",
                      "dir",
                      "A128KW",
                      "Ed25519",
                      "PBES2-HS256+A128KW")) {
                if (other.equals(algorithm)) {
                  continue;
                }
                cases.put(
                    "alg " + other,
                    encode("{\"alg\":\"" + other + "\"}") + "." + parts[1] + "." + parts[2]);
              }
              return refused(algorithm, cases);
            });
  }

  private static String pad(String part) {
    return part + "=".repeat((4 - part.length() % 4) % 4 == 0 ? 4 : (4 - part.length() % 4) % 4);
  }

  private static String withLetter(String part, char letter) {
    return letter + part.substring(1);
  }

  /** The same bytes to a lenient reader, where some bits of the last letter mean nothing. */
  private static String nextLetter(String part) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int last = alphabet.indexOf(part.charAt(part.length() - 1));
    return part.substring(0, part.length() - 1) + alphabet.charAt(last ^ 1);
  }

  private static String flip(String part) {
    byte[] bytes = Base64.getUrlDecoder().decode(part);
    bytes[bytes.length / 2] ^= 1;
    return encode(bytes);
  }

  /** The public key taken for a secret, in each form in which somebody may have it. */
  @TestFactory
  Stream<DynamicTest> key_confusion() {
    return Stream.of(
            Map.entry("RS256", RSA),
            Map.entry("PS256", RSA),
            Map.entry("ES256", EC),
            Map.entry("ES512", EC_521),
            Map.entry("EdDSA", EDWARDS),
            Map.entry("Ed448", EDWARDS_448))
        .flatMap(
            entry -> {
              byte[] der = entry.getValue().getPublic().getEncoded();
              String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
              String pem = "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----";
              var cases = new LinkedHashMap<String, String>();
              for (String alg : List.of("HS256", "HS384", "HS512")) {
                String signed =
                    encode("{\"alg\":\"" + alg + "\",\"typ\":\"JWT\"}") + "." + encode(PAYLOAD);
                String mac = "HmacSHA" + alg.substring(2);
                cases.put(alg + " with DER", mac(mac, signed, der));
                cases.put(
                    alg + " with PEM", mac(mac, signed, pem.getBytes(StandardCharsets.US_ASCII)));
                cases.put(
                    alg + " with PEM and line end",
                    mac(mac, signed, (pem + "\n").getBytes(StandardCharsets.US_ASCII)));
                cases.put(
                    alg + " with base64",
                    mac(mac, signed, base64.getBytes(StandardCharsets.US_ASCII)));
                cases.put(alg + " with one zero byte", mac(mac, signed, new byte[1]));
              }
              if (entry.getValue().getPublic() instanceof RSAPublicKey rsa) {
                cases.put(
                    "HS256 with the modulus",
                    hmac("{\"alg\":\"HS256\"}", PAYLOAD, rsa.getModulus().toByteArray()));
              }
              return refused(entry.getKey(), cases);
            });
  }

  /** The token brings its own key. */
  @TestFactory
  Stream<DynamicTest> keys_in_the_header_are_passed_over() {
    KeyPair own = RawTokens.newRsa();
    var rsa = (RSAPublicKey) own.getPublic();
    String jwk =
        "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"AQAB\"}"
            .formatted(encode(rsa.getModulus().toByteArray()));
    var cases = new LinkedHashMap<String, String>();
    for (String extra :
        List.of(
            "\"jwk\":" + jwk,
            "\"jku\":\"https://evil.example/jwks.json\"",
            "\"x5u\":\"https://evil.example/cert.pem\"",
            "\"x5c\":[\"MIIB\"]",
            "\"kid\":\"../../../../dev/null\"",
            "\"kid\":\"' UNION SELECT 'secret' --\"",
            "\"kid\":\"|/bin/sleep 10\"")) {
      cases.put(
          extra, sign("RS256", "{\"alg\":\"RS256\"," + extra + "}", PAYLOAD, own.getPrivate()));
      cases.put(
          extra + " with an empty secret",
          hmac("{\"alg\":\"HS256\"," + extra + "}", PAYLOAD, new byte[1]));
    }
    return refused("RS256", cases);
  }

  @Test
  void a_key_in_the_header_of_a_good_token_does_no_harm() throws JwtException {
    String token =
        sign(
            "RS256",
            "{\"alg\":\"RS256\",\"jku\":\"https://evil.example/\",\"x5u\":\"https://evil.example/\"}",
            PAYLOAD,
            RSA.getPrivate());

    assertThat(ALL.get("RS256").verify(token).subject()).contains("ann");
  }

  /** Numbers that a curve must not take (CVE-2022-21449), and forms that are not IEEE P1363. */
  @TestFactory
  Stream<DynamicTest> psychic_signatures() throws Exception {
    return Stream.of(
            psychic("ES256", EC, "SHA256withECDSA"),
            psychic("ES384", EC_384, "SHA384withECDSA"),
            psychic("ES512", EC_521, "SHA512withECDSA"))
        .flatMap(each -> each);
  }

  private static Stream<DynamicTest> psychic(String algorithm, KeyPair pair, String asDer)
      throws Exception {
    String token = GOOD.get(algorithm);
    String signed = token.substring(0, token.lastIndexOf('.'));
    BigInteger n = ((ECPublicKey) pair.getPublic()).getParams().getOrder();
    BigInteger p =
        ((ECFieldFp) ((ECPublicKey) pair.getPublic()).getParams().getCurve().getField()).getP();
    int half = (n.bitLength() + 7) / 8;
    BigInteger one = BigInteger.ONE;
    BigInteger most = one.shiftLeft(8 * half).subtract(one);
    var cases = new LinkedHashMap<String, String>();
    List<BigInteger> edges =
        List.of(BigInteger.ZERO, one, n.subtract(one), n, n.add(one), p, p.subtract(n), most);
    for (BigInteger r : edges) {
      for (BigInteger s : edges) {
        cases.put(
            "both r=" + r.toString(16) + " s=" + s.toString(16),
            signed + "." + encode(joined(r, s, half)));
      }
    }
    byte[] good = Base64.getUrlDecoder().decode(token.substring(token.lastIndexOf('.') + 1));
    BigInteger r = new BigInteger(1, Arrays.copyOfRange(good, 0, half));
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(good, half, 2 * half));
    for (BigInteger edge : edges) {
      cases.put("only r=" + edge.toString(16), signed + "." + encode(joined(edge, s, half)));
      cases.put("only s=" + edge.toString(16), signed + "." + encode(joined(r, edge, half)));
    }
    var der = Signature.getInstance(asDer);
    der.initSign(pair.getPrivate());
    der.update(signed.getBytes(StandardCharsets.US_ASCII));
    cases.put("DER", signed + "." + encode(der.sign()));
    cases.put("s swapped with r", signed + "." + encode(joined(s, r, half)));
    cases.put(
        "r + n in one byte more",
        signed + "." + encode(concat(fixed(r.add(n), half + 1), fixed(s, half))));
    cases.put(
        "leading zeros", signed + "." + encode(concat(fixed(r, half + 16), fixed(s, half + 16))));
    cases.put("a byte less", signed + "." + encode(Arrays.copyOf(good, 2 * half - 1)));
    cases.put("a byte more", signed + "." + encode(Arrays.copyOf(good, 2 * half + 1)));
    cases.put("nothing", signed + "." + encode(new byte[0]));
    return refused(algorithm, cases);
  }

  private static byte[] joined(BigInteger r, BigInteger s, int half) {
    return concat(fixed(r, half), fixed(s, half));
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static byte[] fixed(BigInteger number, int length) {
    byte[] bytes = new byte[length];
    byte[] raw = number.toByteArray();
    int skip = Math.max(0, raw.length - length);
    System.arraycopy(raw, skip, bytes, length - (raw.length - skip), raw.length - skip);
    return bytes;
  }

  /** S plus the group's order is the same point, but not the same signature (RFC 8032, 5.1.7). */
  @Test
  void an_edwards_signature_can_not_be_changed() {
    byte[] good = Base64.getUrlDecoder().decode(GOOD.get("EdDSA").split("\\.")[2]);
    BigInteger order =
        BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
    byte[] little = Arrays.copyOfRange(good, 32, 64);
    BigInteger s = BigInteger.ZERO;
    for (int i = 31; i >= 0; i--) {
      s = s.shiftLeft(8).or(BigInteger.valueOf(little[i] & 0xff));
    }
    s = s.add(order);
    for (int i = 0; i < 32; i++) {
      good[32 + i] = s.shiftRight(8 * i).byteValue();
    }
    String token =
        GOOD.get("EdDSA").substring(0, GOOD.get("EdDSA").lastIndexOf('.') + 1) + encode(good);

    assertThatThrownBy(() -> ALL.get("EdDSA").verify(token)).isInstanceOf(JwtException.class);
  }

  /** R and S that fit every message if only one looks at the equation, and R of small order. */
  @TestFactory
  Stream<DynamicTest> edwards_signatures_of_edges() {
    return Stream.of("EdDSA", "Ed448")
        .flatMap(
            algorithm -> {
              String token = GOOD.get(algorithm);
              String signed = token.substring(0, token.lastIndexOf('.'));
              byte[] good =
                  Base64.getUrlDecoder().decode(token.substring(token.lastIndexOf('.') + 1));
              int half = good.length / 2;
              byte[] identity = new byte[half];
              identity[0] = 1;
              byte[] ones = new byte[half];
              Arrays.fill(ones, (byte) 0xff);
              byte[] r = Arrays.copyOf(good, half);
              byte[] s = Arrays.copyOfRange(good, half, 2 * half);
              var cases = new LinkedHashMap<String, String>();
              List<byte[]> edges = List.of(new byte[half], identity, ones);
              for (byte[] edge : edges) {
                for (byte[] other : edges) {
                  cases.put(
                      "both " + edge[0] + edge[1] + " " + other[0] + other[1],
                      signed + "." + encode(concat(edge, other)));
                }
                cases.put("R " + edge[0] + edge[1], signed + "." + encode(concat(edge, s)));
                cases.put("S " + edge[0] + edge[1], signed + "." + encode(concat(r, edge)));
              }
              cases.put("swapped", signed + "." + encode(concat(s, r)));
              cases.put("twice", signed + "." + encode(concat(good, good)));
              return refused(algorithm, cases);
            });
  }

  /** RSA signatures are as long as the modulus and smaller than it. */
  @TestFactory
  Stream<DynamicTest> rsa_signatures_of_edges() {
    BigInteger n = ((RSAPublicKey) RSA.getPublic()).getModulus();
    return Stream.of("RS256", "PS256")
        .flatMap(
            algorithm -> {
              String token = GOOD.get(algorithm);
              String signed = token.substring(0, token.lastIndexOf('.'));
              byte[] good =
                  Base64.getUrlDecoder().decode(token.substring(token.lastIndexOf('.') + 1));
              var cases = new LinkedHashMap<String, String>();
              for (BigInteger edge :
                  List.of(
                      BigInteger.ZERO,
                      BigInteger.ONE,
                      n.subtract(BigInteger.ONE),
                      n,
                      n.add(BigInteger.ONE))) {
                cases.put("s=" + edge, signed + "." + encode(fixed(edge, good.length)));
              }
              cases.put("a zero before", signed + "." + encode(concat(new byte[1], good)));
              cases.put("a zero after", signed + "." + encode(concat(good, new byte[1])));
              cases.put(
                  "s + n",
                  signed + "." + encode(fixed(new BigInteger(1, good).add(n), good.length + 1)));
              return refused(algorithm, cases);
            });
  }

  /** What is strange, but right: refusing it would be wrong. */
  @TestFactory
  Stream<DynamicTest> unusual_tokens_that_are_good() {
    var cases = new LinkedHashMap<String, String>();
    cases.put("no typ", signedHs("{\"alg\":\"HS256\"}", PAYLOAD));
    cases.put("typ jwt", signedHs("{\"alg\":\"HS256\",\"typ\":\"jwt\"}", PAYLOAD));
    cases.put("typ at+jwt", signedHs("{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}", PAYLOAD));
    cases.put(
        "typ application/at+jwt",
        signedHs("{\"alg\":\"HS256\",\"typ\":\"application/at+JWT\"}", PAYLOAD));
    cases.put("b64 true", signedHs("{\"alg\":\"HS256\",\"b64\":true}", PAYLOAD));
    cases.put("cty json", signedHs("{\"alg\":\"HS256\",\"cty\":\"json\"}", PAYLOAD));
    cases.put("a kid", signedHs("{\"alg\":\"HS256\",\"kid\":\"any\"}", PAYLOAD));
    cases.put("spaces in the header", signedHs(" {\n\t\"alg\" : \"HS256\" }\r\n", PAYLOAD));
    cases.put("an escaped alg", signedHs("{\"alg\":\"\\u0048S256\"}", PAYLOAD));
    cases.put("what nobody knows", signedHs("{\"alg\":\"HS256\",\"x\":[null,{}]}", PAYLOAD));
    cases.put("exp with a fraction", signedHs(HS, payloadWithout("exp", "\"exp\":1800000600.5")));
    cases.put("exp with an exponent", signedHs(HS, payloadWithout("exp", "\"exp\":1.8000006e9")));
    cases.put("exp just past", signedHs(HS, payloadWithout("exp", "\"exp\":" + (NOW - 29))));
    cases.put("iat just ahead", signedHs(HS, payloadWithout("iat", "\"iat\":" + (NOW + 30))));
    cases.put("iat missing", signedHs(HS, payloadWithout("iat", "")));
    cases.put("iat before 1970", signedHs(HS, payloadWithout("iat", "\"iat\":-1")));
    cases.put("nbf just ahead", signedHs(HS, payload("\"nbf\":" + (NOW + 30))));
    cases.put("jti missing", signedHs(HS, payloadWithout("jti", "")));
    cases.put("aud of several", signedHs(HS, payloadWithout("aud", "\"aud\":[\"them\",\"us\"]")));
    cases.put("a claim null", signedHs(HS, payload("\"nickname\":null")));
    cases.put("a big number", signedHs(HS, payload("\"x\":" + "9".repeat(90))));
    cases.put("deep, but not too deep", signedHs(HS, payload("\"x\":[[[[[[[[1]]]]]]]]")));
    cases.put("a claim beyond ASCII", signedHs(HS, payload("\"name\":\"Zo\u00eb \ud83d\ude00\"")));
    return cases.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () ->
                        assertThat(ALL.get("HS256").verify(entry.getValue()).subject())
                            .contains("ann")));
  }

  private static Stream<DynamicTest> refused(String algorithm, Map<String, String> cases) {
    return cases.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    algorithm + ": " + entry.getKey(),
                    () -> {
                      assertRefused(algorithm, entry.getValue());
                      // Nothing is remembered of a refused token that would let it in next time.
                      assertRefused(algorithm, entry.getValue());
                    }));
  }

  private static final Set<Reason> EXPLAINED =
      EnumSet.complementOf(EnumSet.of(Reason.KEYS_UNAVAILABLE, Reason.DENIED));

  private static void assertRefused(String algorithm, String token) {
    assertThatThrownBy(() -> ALL.get(algorithm).verify(token))
        .isInstanceOfSatisfying(
            JwtException.class,
            refused -> {
              assertThat(refused.reason()).isIn(EXPLAINED);
              if (token.length() > 20) {
                assertThat(refused.getMessage()).doesNotContain(token.substring(0, 20));
              }
            });
  }
}
