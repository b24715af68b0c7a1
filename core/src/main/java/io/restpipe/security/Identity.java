package io.restpipe.security;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a node proves itself with, and what it trusts.
 *
 * @param privateKey the key of the first certificate in the chain
 * @param chain the node's own certificate first, then the intermediates
 * @param trustAnchors the certificates of the authorities whose peers are let in
 */
public record Identity(
    PrivateKey privateKey, List<X509Certificate> chain, List<X509Certificate> trustAnchors) {

  public Identity {
    chain = List.copyOf(chain);
    trustAnchors = List.copyOf(trustAnchors);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("identity has no certificate");
    }
    if (trustAnchors.isEmpty()) {
      throw new IllegalArgumentException("identity trusts no authority");
    }
  }

  /**
   * Reads an identity from PEM files, and checks no more than that each is what it should be.
   * {@link IdentityFiles#loadChecked} also checks that a node can work with it now.
   *
   * @param key a private key: PKCS#8, PKCS#1 or SEC1, not encrypted
   * @param certificateChain the node's own certificate first, then the intermediates
   * @param trustAnchors the authorities whose peers are let in
   * @throws IdentityException with a problem for each file that can't be read
   */
  public static Identity load(Path key, Path certificateChain, Path trustAnchors) {
    return new IdentityFiles(NodeRole.CLIENT, key, certificateChain, trustAnchors).load();
  }

  /** Whether what the private key signs the public key verifies. */
  public static boolean fits(PrivateKey privateKey, PublicKey publicKey) {
    String algorithm =
        switch (privateKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> privateKey.getAlgorithm();
        };
    byte[] challenge = new byte[32];
    new SecureRandom().nextBytes(challenge);
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(privateKey);
      signer.update(challenge);
      byte[] signature = signer.sign();
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(publicKey);
      verifier.update(challenge);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** The node's own certificate. */
  public X509Certificate certificate() {
    return chain.get(0);
  }

  /** The subject; never the key. */
  @Override
  public String toString() {
    return "Identity " + certificate().getSubjectX500Principal().getName();
  }
}
