package io.restpipe.pipe.internal.tls;

import java.security.cert.X509Certificate;

/**
 * Who is at the other end of a connection that is secured.
 *
 * @param name from the certificate, by the rule of {@link io.restpipe.security.PeerName}
 * @param certificate verified
 * @param tls version and cipher suite, for the log
 */
public record TlsPeer(String name, X509Certificate certificate, String tls) {}
