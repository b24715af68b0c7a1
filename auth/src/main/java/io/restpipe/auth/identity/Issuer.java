package io.restpipe.auth.identity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A key that signs the certificates of nodes.
 *
 * @param key the key
 * @param chain its certificate first, then those above it, without one that is a trust anchor;
 *     empty where its own certificate is
 * @param anchor the trust anchor that the chain leads to
 */
record Issuer(PrivateKey key, List<X509Certificate> chain, X509Certificate anchor) {

  Issuer {
    chain = List.copyOf(chain);
  }

  /** Its own certificate. */
  X509Certificate certificate() {
    return chain.isEmpty() ? anchor : chain.get(0);
  }

  /** Until when what it signs can be valid. */
  Instant end() {
    Instant end = anchor.getNotAfter().toInstant();
    for (X509Certificate one : chain) {
      Instant its = one.getNotAfter().toInstant();
      end = its.isBefore(end) ? its : end;
    }
    return end;
  }

  /** A certificate for a node's key, which may say where revoked ones are listed. */
  X509Certificate sign(PublicKey subject, Issuance issuance, Instant now, Optional<String> crlUrl) {
    return CertificateWriter.issued(
        key,
        certificate(),
        subject,
        issuance,
        issuance.notBefore(now),
        issuance.notAfter(now, end()),
        crlUrl);
  }

  /** A node's certificate with what stands between it and the trust anchor. */
  List<X509Certificate> chainOf(X509Certificate issued) {
    List<X509Certificate> all = new ArrayList<>(List.of(issued));
    all.addAll(chain);
    return all;
  }

  /** Names this key in lists. */
  String id() {
    return id(certificate());
  }

  /** Names the key of an authority in lists: the first 8 bytes of its SHA-256. */
  static String id(X509Certificate authority) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(authority.getPublicKey().getEncoded());
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Issuer " + certificate().getSubjectX500Principal().getName();
  }
}
