package io.restpipe.auth.identity;

import java.security.InvalidAlgorithmParameterException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.ECKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The kinds of keys that are made here. */
public enum KeyAlgorithm {
  /** ECDSA on the curve P-256: small, fast, and understood everywhere. */
  ECDSA("ecdsa", "EC", "secp256r1", 0),
  /** ECDSA on the curve P-384. */
  ECDSA_P384("ecdsa-p384", "EC", "secp384r1", 0),
  /** Ed25519, RFC 8410. Not every TLS library takes it. */
  ED25519("ed25519", "Ed25519", null, 0),
  /** RSA with 3072 bits. */
  RSA("rsa", "RSA", null, 3072),
  /** RSA with 2048 bits. */
  RSA_2048("rsa-2048", "RSA", null, 2048),
  /** RSA with 4096 bits. */
  RSA_4096("rsa-4096", "RSA", null, 4096);

  private final String text;
  private final String generator;
  private final @Nullable String curve;
  private final int bits;

  KeyAlgorithm(String text, String generator, @Nullable String curve, int bits) {
    this.text = text;
    this.generator = generator;
    this.curve = curve;
    this.bits = bits;
  }

  /**
   * The algorithm of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static KeyAlgorithm parse(String text) {
    for (KeyAlgorithm algorithm : values()) {
      if (algorithm.text.equalsIgnoreCase(text)) {
        return algorithm;
      }
    }
    throw new IllegalArgumentException(
        "kind of key: must be one of %s: \"%s\""
            .formatted(
                Arrays.stream(values())
                    .map(KeyAlgorithm::toString)
                    .collect(Collectors.joining(", ")),
                text));
  }

  /** A new key. */
  KeyPair generate() {
    try {
      KeyPairGenerator keys = KeyPairGenerator.getInstance(generator);
      if (curve != null) {
        keys.initialize(new ECGenParameterSpec(curve));
      } else if (bits != 0) {
        keys.initialize(bits);
      }
      return keys.generateKeyPair();
    } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
      throw new IllegalStateException("this JDK has no keys of the kind " + text, e);
    }
  }

  /** How a key signs certificates; it may be from elsewhere. */
  static String signature(Key key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EdDSA", "Ed25519" -> "Ed25519";
      case "Ed448" -> "Ed448";
      default -> key instanceof ECKey ec ? ofCurve(ec) : "SHA256withECDSA";
    };
  }

  private static String ofCurve(ECKey key) {
    int size = key.getParams().getOrder().bitLength();
    return size > 384 ? "SHA512withECDSA" : size > 256 ? "SHA384withECDSA" : "SHA256withECDSA";
  }

  /** As in arguments: {@code ecdsa}, {@code rsa-4096}. */
  @Override
  public String toString() {
    return text;
  }
}
