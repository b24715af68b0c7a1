package io.restpipe.security;

import java.security.PrivateKey;
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
