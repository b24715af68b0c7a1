package io.restpipe.security;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a node gets from its authority.
 *
 * @param chain the node's own certificate first, then the intermediates
 * @param trustAnchors the certificates of the authorities that it should trust from now on; more
 *     than one while an authority takes over from another
 */
public record IssuedCertificate(List<X509Certificate> chain, List<X509Certificate> trustAnchors) {

  public IssuedCertificate {
    chain = List.copyOf(chain);
    trustAnchors = List.copyOf(trustAnchors);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("no certificate was issued");
    }
    if (trustAnchors.isEmpty()) {
      throw new IllegalArgumentException("an authority without a trust anchor");
    }
  }

  /** The node's own certificate. */
  public X509Certificate certificate() {
    return chain.get(0);
  }

  /** The subject. */
  @Override
  public String toString() {
    return "IssuedCertificate " + certificate().getSubjectX500Principal().getName();
  }
}
