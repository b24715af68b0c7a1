package io.restpipe.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/**
 * A new private key and the request for its certificate: what a node makes where the key is used,
 * so that the key never travels. The key is ECDSA's, on the curve P-256.
 *
 * <p>The request (PKCS#10, RFC 2986) asks for a common name and nothing else: what the certificate
 * says is the authority's affair.
 *
 * <pre>
 * CertificationRequest ::= SEQUENCE { info, signatureAlgorithm, BIT STRING }
 * info                 ::= SEQUENCE { INTEGER 0, subject, subjectPublicKeyInfo, [0] {} }
 * </pre>
 */
public final class CertificateRequest {

  private static final int UTF8_STRING = 0x0C;
  private static final int BIT_STRING = 0x03;
  private static final int SET = 0x31;
  private static final byte[] VERSION = {Der.INTEGER, 1, 0};
  private static final byte[] NO_ATTRIBUTES = {(byte) Der.PARAMETERS, 0};
  private static final byte[] COMMON_NAME = {Der.OBJECT_IDENTIFIER, 3, 0x55, 0x04, 0x03};
  private static final byte[] ECDSA_WITH_SHA256 = {
    Der.SEQUENCE,
    10,
    Der.OBJECT_IDENTIFIER,
    8,
    0x2A,
    (byte) 0x86,
    0x48,
    (byte) 0xCE,
    0x3D,
    0x04,
    0x03,
    0x02
  };

  private final PrivateKey privateKey;
  private final byte[] encoded;

  private CertificateRequest(PrivateKey privateKey, byte[] encoded) {
    this.privateKey = privateKey;
    this.encoded = encoded;
  }

  /**
   * Makes a new key and its request.
   *
   * @param name the node's name
   */
  public static CertificateRequest make(String name) {
    if (!PeerName.isIssuable(name)) {
      throw new IllegalArgumentException("no name of a node: \"" + name + '"');
    }
    return make(commonName(name));
  }

  /** Makes a new key and its request, which leaves the name to the authority. */
  public static CertificateRequest make() {
    return make(new byte[] {Der.SEQUENCE, 0});
  }

  private static CertificateRequest make(byte[] subject) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      byte[] info =
          Der.wrap(Der.SEQUENCE, VERSION, subject, pair.getPublic().getEncoded(), NO_ATTRIBUTES);
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(pair.getPrivate());
      signature.update(info);
      byte[] noUnusedBits = {0};
      byte[] signed = Der.wrap(BIT_STRING, noUnusedBits, signature.sign());
      return new CertificateRequest(
          pair.getPrivate(), Der.wrap(Der.SEQUENCE, info, ECDSA_WITH_SHA256, signed));
    } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
      throw new IllegalStateException("this JDK has no P-256 keys", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("request could not be signed", e);
    }
  }

  private static byte[] commonName(String name) {
    byte[] value = Der.wrap(UTF8_STRING, name.getBytes(StandardCharsets.UTF_8));
    return Der.wrap(Der.SEQUENCE, Der.wrap(SET, Der.wrap(Der.SEQUENCE, COMMON_NAME, value)));
  }

  /** The new key. */
  public PrivateKey privateKey() {
    return privateKey;
  }

  /** The request, DER. */
  public byte[] encoded() {
    return encoded.clone();
  }
}
