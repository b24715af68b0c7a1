package io.restpipe.pipe.internal.enroll;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/**
 * Shows that whoever asks for a renewal holds the key of the certificate that is to be renewed. The
 * connection alone does not: whoever may send events through a node's gateway is no owner of its
 * identity.
 */
public final class Proof {

  /** What is signed begins with this, so that it is good for nothing else. */
  private static final byte[] PURPOSE = "restpipe $renew 1\0".getBytes(US_ASCII);

  private Proof() {}

  /** A signature over a request with the key that is in use. */
  public static byte[] of(byte[] request, PrivateKey key) {
    try {
      Signature signature = Signature.getInstance(algorithm(key));
      signature.initSign(key);
      signature.update(PURPOSE);
      signature.update(request);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the node's own key does not sign", e);
    }
  }

  static boolean isGood(byte[] proof, byte[] request, PublicKey key) {
    try {
      Signature signature = Signature.getInstance(algorithm(key));
      signature.initVerify(key);
      signature.update(PURPOSE);
      signature.update(request);
      return signature.verify(proof);
    } catch (GeneralSecurityException malformed) {
      return false;
    }
  }

  private static String algorithm(Key key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> key.getAlgorithm();
    };
  }
}
