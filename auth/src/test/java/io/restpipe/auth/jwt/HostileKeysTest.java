package io.restpipe.auth.jwt;

import static io.restpipe.auth.jwt.RawTokens.encode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Keys by which others than their owner can sign, or that are not what they say: none is used. */
class HostileKeysTest {

  private static final KeyPair EC = RawTokens.ec("secp256r1");
  private static final KeyPair RSA = RawTokens.rsa();

  /** Encodings of the points of order 1, 2, 4 and 8, also those that are not the shortest. */
  private static final List<String> SMALL_ORDER =
      List.of(
          "0100000000000000000000000000000000000000000000000000000000000000",
          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "0000000000000000000000000000000000000000000000000000000000000000",
          "0000000000000000000000000000000000000000000000000000000000000080",
          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
          "0100000000000000000000000000000000000000000000000000000000000080",
          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
          "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
          "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");

  @TempDir private Path folder;

  private KeyFile open(String content, JwsAlgorithm... allowed) throws Exception {
    Path file = folder.resolve("key");
    Files.writeString(file, content);
    return KeyFile.open(file, List.of(allowed));
  }

  private DynamicTest refused(String name, String content) {
    return DynamicTest.dynamicTest(
        name,
        () ->
            assertThatThrownBy(() -> open(content))
                .isInstanceOf(KeyException.class)
                .hasMessageNotContaining("Exception"));
  }

  private static String ec(String curve, BigInteger x, BigInteger y, int length) {
    return "{\"kty\":\"EC\",\"crv\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"}"
        .formatted(curve, number(x, length), number(y, length));
  }

  private static String number(BigInteger number, int length) {
    byte[] raw = number.toByteArray();
    byte[] bytes = new byte[length];
    int size = Math.min(raw.length, length);
    System.arraycopy(raw, raw.length - size, bytes, length - size, size);
    return encode(bytes);
  }

  @TestFactory
  Stream<DynamicTest> points_that_are_not_on_the_curve() {
    BigInteger x = ((ECPublicKey) EC.getPublic()).getW().getAffineX();
    BigInteger y = ((ECPublicKey) EC.getPublic()).getW().getAffineY();
    BigInteger p =
        new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
    return Stream.of(
        refused("y + 1", ec("P-256", x, y.add(BigInteger.ONE), 32)),
        refused("zero", ec("P-256", BigInteger.ZERO, BigInteger.ZERO, 32)),
        refused("of another curve", ec("P-384", x, y, 48)),
        refused("x + p", ec("P-256", x.add(p), y, 33)),
        refused("swapped", ec("P-256", y, x, 32)),
        refused("no y", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + number(x, 32) + "\"}"),
        refused("PEM, one bit else", pemWithBit(EC.getPublic().getEncoded())));
  }

  private static String pemWithBit(byte[] der) {
    der[der.length - 1] ^= 1;
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(der)
        + "\n-----END PUBLIC KEY-----\n";
  }

  @TestFactory
  Stream<DynamicTest> points_by_which_anybody_can_sign() {
    return Stream.concat(
        SMALL_ORDER.stream().map(point -> refused(point, okp("Ed25519", point))),
        Stream.of(
            refused("Ed448, one", okp("Ed448", "01" + "00".repeat(56))),
            refused("Ed448, zero", okp("Ed448", "00".repeat(57))),
            refused(
                "Ed448, minus one",
                okp("Ed448", "fe" + "ff".repeat(27) + "fe" + "ff".repeat(27) + "00")),
            refused("no point", okp("Ed25519", "02" + "00".repeat(31))),
            refused("too short", okp("Ed25519", "11".repeat(31))),
            refused("of another curve", okp("Ed448", "11".repeat(32)))));
  }

  private static String okp(String curve, String hex) {
    return "{\"kty\":\"OKP\",\"crv\":\"%s\",\"x\":\"%s\"}"
        .formatted(curve, encode(HexFormat.of().parseHex(hex)));
  }

  private static String rsa(BigInteger n, BigInteger e) {
    return "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"}"
        .formatted(encode(n.toByteArray()), encode(e.toByteArray()));
  }

  @TestFactory
  Stream<DynamicTest> rsa_keys_that_are_weak() {
    BigInteger n = ((RSAPublicKey) RSA.getPublic()).getModulus();
    BigInteger e = BigInteger.valueOf(65537);
    return Stream.of(
        refused("exponent 1", rsa(n, BigInteger.ONE)),
        refused("exponent 2", rsa(n, BigInteger.TWO)),
        refused("exponent even", rsa(n, BigInteger.valueOf(65536))),
        refused("2047 bits", rsa(n.shiftRight(1).setBit(0), e)),
        refused("1024 bits", rsa(n.shiftRight(1024).setBit(0), e)),
        refused("as small as zero", rsa(BigInteger.ZERO, e)),
        refused("ROCA", rsa(roca(), e)));
  }

  /** A number of 2048 bits that is a power of 65537 modulo each of the primes up to 167. */
  private static BigInteger roca() {
    BigInteger product = BigInteger.ONE;
    for (BigInteger prime = BigInteger.valueOf(3);
        prime.intValue() <= 167;
        prime = prime.nextProbablePrime()) {
      product = product.multiply(prime);
    }
    BigInteger power = BigInteger.valueOf(65537).modPow(BigInteger.valueOf(4711), product);
    BigInteger some = BigInteger.ONE.shiftLeft(2047).divide(product).add(BigInteger.ONE);
    BigInteger number = power.add(product.multiply(some));
    return number.testBit(0) ? number : number.add(product);
  }

  @Test
  void rsa_keys_of_others_are_not_taken_for_weak_ones() {
    assertThat(Roca.isWeak(roca())).isTrue();
    assertThat(Roca.isWeak(((RSAPublicKey) RSA.getPublic()).getModulus())).isFalse();
    assertThat(Roca.isWeak(((RSAPublicKey) RawTokens.newRsa().getPublic()).getModulus())).isFalse();
  }

  @TestFactory
  Stream<DynamicTest> keys_that_are_for_something_else() {
    String point = ec("P-256", x(), y(), 32);
    var cases = new LinkedHashMap<String, String>();
    cases.put("use enc", with(point, "\"use\":\"enc\""));
    cases.put("use other", with(point, "\"use\":\"SIG\""));
    cases.put("key_ops encrypt", with(point, "\"key_ops\":[\"encrypt\",\"decrypt\"]"));
    cases.put("key_ops deriveKey", with(point, "\"key_ops\":[\"deriveKey\"]"));
    cases.put("key_ops empty", with(point, "\"key_ops\":[]"));
    cases.put("alg of encryption", with(point, "\"alg\":\"ECDH-ES\""));
    cases.put("alg nobody knows", with(point, "\"alg\":\"ES257\""));
    cases.put("alg none", with(point, "\"alg\":\"none\""));
    cases.put("alg of another curve", with(point, "\"alg\":\"ES384\""));
    cases.put("alg ES521 on P-256", with(point, "\"alg\":\"ES521\""));
    cases.put("alg of secrets", with(point, "\"alg\":\"HS256\""));
    cases.put("alg of another kind", with(point, "\"alg\":\"EdDSA\""));
    cases.put(
        "secret for ES256", "{\"kty\":\"oct\",\"alg\":\"ES256\",\"k\":\"" + secret(32) + "\"}");
    cases.put("secret of 31 bytes", "{\"kty\":\"oct\",\"k\":\"" + secret(31) + "\"}");
    cases.put(
        "secret of 32 bytes for HS512",
        "{\"kty\":\"oct\",\"alg\":\"HS512\",\"k\":\"" + secret(32) + "\"}");
    cases.put("secret empty", "{\"kty\":\"oct\",\"k\":\"\"}");
    cases.put("no kty", "{\"crv\":\"P-256\"}");
    cases.put("curve of Bitcoin", point.replace("P-256", "secp256k1"));
    cases.put("X25519", okp("X25519", "11".repeat(32)));
    return cases.entrySet().stream().map(entry -> refused(entry.getKey(), entry.getValue()));
  }

  private static String secret(int bytes) {
    byte[] secret = new byte[bytes];
    Arrays.fill(secret, (byte) 7);
    return encode(secret);
  }

  private static BigInteger x() {
    return ((ECPublicKey) EC.getPublic()).getW().getAffineX();
  }

  private static BigInteger y() {
    return ((ECPublicKey) EC.getPublic()).getW().getAffineY();
  }

  private static String with(String key, String member) {
    return key.substring(0, key.length() - 1) + "," + member + "}";
  }

  @Test
  void a_refusal_says_what_is_wrong_with_the_key() {
    Map.of(
            with(ec("P-256", x(), y(), 32), "\"alg\":\"ES256K\""),
            "can't be used for signatures: its alg is ES256K",
            with(ec("P-256", x(), y(), 32), "\"use\":\"enc\""),
            "can't be used for signatures: its use is enc",
            okp("X448", "11".repeat(56)),
            "can't be used for signatures: its crv is X448",
            okp("Ed25519", SMALL_ORDER.get(0)),
            "no point of Ed25519 or Ed448 that can be used",
            rsa(roca(), BigInteger.valueOf(65537)),
            "ROCA")
        .forEach(
            (key, message) ->
                assertThatThrownBy(() -> open(key))
                    .isInstanceOf(KeyException.class)
                    .hasMessageContaining(message));
  }

  @Test
  void two_keys_of_one_kid_are_refused_unless_tokens_can_tell_them_apart() throws Exception {
    String first = with(ec("P-256", x(), y(), 32), "\"kid\":\"1\"");
    var other = (ECPublicKey) RawTokens.ec("secp256r1").getPublic();
    String second =
        with(
            ec("P-256", other.getW().getAffineX(), other.getW().getAffineY(), 32), "\"kid\":\"1\"");
    String ofRsa =
        with(
            rsa(((RSAPublicKey) RSA.getPublic()).getModulus(), BigInteger.valueOf(65537)),
            "\"kid\":\"1\"");

    assertThatThrownBy(() -> open("{\"keys\":[" + first + "," + second + "]}"))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("two keys for ES256 have the same kid");
    try (var twice = open("{\"keys\":[" + first + "," + first + "," + ofRsa + "]}")) {
      assertThat(twice.keys().keys()).hasSize(3);
    }
  }

  @Test
  void names_and_uses_as_they_are_found_are_understood() throws Exception {
    var wide = (ECPublicKey) RawTokens.ec("secp521r1").getPublic();
    String point = ec("P-521", wide.getW().getAffineX(), wide.getW().getAffineY(), 66);

    try (var misnamed = open(with(point, "\"alg\":\"ES521\",\"key_ops\":[\"sign, verify\"]"))) {
      assertThat(misnamed.keys().keys())
          .extracting(VerificationKey::algorithm)
          .containsExactly(JwsAlgorithm.ES512);
    }
    try (var described =
        open(with(point, "\"x5t\":7,\"iat\":\"x\",\"key_ops\":[\"verify\",\"?\"]"))) {
      assertThat(described.keys().keys()).hasSize(1);
    }
  }
}
