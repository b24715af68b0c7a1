package io.restpipe.auth.identity;

import io.restpipe.security.Identity;
import io.restpipe.security.NodeRole;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Signs the certificates of a pipe's nodes. Elliptic curve keys (ECDSA with P-256 and SHA-256), one
 * self-signed certificate at the top.
 *
 * <p>Any thread may use it; it holds nothing but its key and certificate.
 */
public final class CertificateAuthority {

  /** How long a new authority's certificate is valid: ten years. */
  public static final Duration LIFETIME = Duration.ofDays(3652);

  private final KeyPair key;
  private final X509Certificate certificate;
  private final InstantSource clock;

  CertificateAuthority(KeyPair key, X509Certificate certificate, InstantSource clock) {
    this.key = key;
    this.certificate = certificate;
    this.clock = clock;
  }

  /**
   * A new authority that is gone with the process: for tests, demonstrations, and programs that
   * keep keys in a place of their own.
   *
   * @param name the common name of its certificate
   */
  public static CertificateAuthority inMemory(String name) {
    return inMemory(name, InstantSource.system());
  }

  /** The same, at a time of one's own. */
  public static CertificateAuthority inMemory(String name, InstantSource clock) {
    KeyPair key = newKey();
    Instant now = clock.instant();
    X509Certificate certificate =
        CertificateWriter.selfSigned(key, name, now.minus(Issuance.BACKDATED), now.plus(LIFETIME));
    return new CertificateAuthority(key, certificate, clock);
  }

  /** The authority's certificate: what the nodes trust. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** A new key and certificate with the defaults of {@link Issuance}. */
  public Identity identity(String name, NodeRole role) {
    return identity(Issuance.of(name, role));
  }

  /** A new key and a certificate for it, with this authority as the one that is trusted. */
  public Identity identity(Issuance issuance) {
    KeyPair subject = newKey();
    Instant now = clock.instant();
    X509Certificate issued =
        CertificateWriter.issued(
            key,
            certificate,
            subject.getPublic(),
            issuance,
            issuance.notBefore(now),
            issuance.notAfter(now, certificate.getNotAfter().toInstant()));
    return new Identity(subject.getPrivate(), List.of(issued), List.of(certificate));
  }

  static KeyPair newKey() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
      throw new IllegalStateException("this JDK has no P-256 keys", e);
    }
  }

  static IllegalStateException unsigned(GeneralSecurityException e) {
    return new IllegalStateException("certificate could not be signed", e);
  }
}
