package io.restpipe.auth.jwt;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens made by hand with nothing but the JDK, as an attacker makes them: of any parts. */
final class RawTokens {

  private RawTokens() {}

  static String encode(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Always the same one of 2048 bits: making one takes a while. */
  static KeyPair rsa() {
    return Rsa.PAIR;
  }

  static KeyPair newRsa() {
    return pair("RSA", null);
  }

  private static final class Rsa {
    static final KeyPair PAIR = pair("RSA", null);
  }

  static KeyPair ec(String curve) {
    return pair("EC", new ECGenParameterSpec(curve));
  }

  static KeyPair edwards() {
    return edwards("Ed25519");
  }

  static KeyPair edwards(String curve) {
    return pair(curve, null);
  }

  private static KeyPair pair(String kind, AlgorithmParameterSpec parameters) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
      if (parameters != null) {
        generator.initialize(parameters);
      } else if (kind.equals("RSA")) {
        generator.initialize(2048);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static String hmac(String header, String payload, byte[] secret) {
    return mac("HmacSHA256", encode(header) + "." + encode(payload), secret);
  }

  static String mac(String algorithm, String signed, byte[] secret) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret, algorithm));
      return signed + "." + encode(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static String sign(String alg, String header, String payload, PrivateKey key) {
    return sign(alg, encode(header) + "." + encode(payload), key);
  }

  static String sign(String alg, String signed, PrivateKey key) {
    try {
      Signature signature = Signature.getInstance(jca(alg));
      if (alg.startsWith("PS")) {
        int bits = Integer.parseInt(alg.substring(2));
        signature.setParameter(
            new PSSParameterSpec(
                "SHA-" + bits, "MGF1", new MGF1ParameterSpec("SHA-" + bits), bits / 8, 1));
      }
      signature.initSign(key);
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String jca(String alg) {
    String bits = alg.substring(2);
    return switch (alg.substring(0, 2)) {
      case "RS" -> "SHA" + bits + "withRSA";
      case "PS" -> "RSASSA-PSS";
      case "ES" -> "SHA" + bits + "withECDSAinP1363Format";
      default -> "EdDSA";
    };
  }
}
