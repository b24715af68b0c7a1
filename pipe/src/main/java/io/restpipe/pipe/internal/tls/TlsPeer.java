package io.restpipe.pipe.internal.tls;

import io.restpipe.security.PeerName;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

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

  /** As the session says, whose certificate was verified. */
  static TlsPeer of(SSLSession session) throws CertificateException, SSLPeerUnverifiedException {
    List<X509Certificate> chain =
        Stream.of(session.getPeerCertificates()).map(X509Certificate.class::cast).toList();
    X509Certificate certificate = chain.get(0);
    // Both for the case that a session was resumed, and no trust manager was asked.
    certificate.checkValidity();
    String name =
        PeerName.of(certificate).orElseThrow(() -> new CertificateException("no usable name"));
    return new TlsPeer(name, chain, session.getProtocol() + " " + session.getCipherSuite());
  }

  /** The peer's own. */
  public X509Certificate certificate() {
    return chain.get(0);
  }
}
