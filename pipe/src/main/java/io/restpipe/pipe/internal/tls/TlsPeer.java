package io.restpipe.pipe.internal.tls;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Who is at the other end of a connection that is secured.
 *
 * @param name from the certificate, by the rule of {@link io.restpipe.security.PeerName}
 * @param chain the peer's certificate, verified, and those of its authorities as it showed them
 * @param tls version and cipher suite, for the log
 */
public record TlsPeer(String name, List<X509Certificate> chain, String tls) {

  public TlsPeer {
    chain = List.copyOf(chain);
  }

  /** The peer's own. */
  public X509Certificate certificate() {
    return chain.get(0);
  }
}
