package io.restpipe.security;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives certificates to nodes that ask for them over the pipe: the seam between the pipe, which
 * carries the requests, and the authority that decides and signs.
 *
 * <p>Any thread but an event loop: each method may wait for files, other processes and signatures,
 * for some seconds at the worst. An implementation tells its {@link SecurityLog} of each token that
 * is used or refused, each certificate issued or renewed, and each renewal refused; its caller does
 * not tell the same again.
 */
public interface Enrollment {

  /**
   * The certificates of the authorities that this one's certificates lead to: one of them has the
   * fingerprint of a {@link JoinLine}. A joining node needs them before it tells its token.
   *
   * @throws EnrollmentException where they can't be read now
   */
  List<X509Certificate> trustAnchors() throws EnrollmentException;

  /**
   * Redeems a join token. What the certificate says is decided by the token and the authority; the
   * request gives the key, and may repeat the name.
   *
   * @param token as {@link JoinLine#token()} gives it; from outside, so anything
   * @param request a PKCS#10 certification request, DER; from outside, so anything
   * @param from who asks, for limits and the security log
   * @throws EnrollmentException where it is refused
   */
  IssuedCertificate join(String token, byte[] request, @Nullable InetSocketAddress from)
      throws EnrollmentException;

  /**
   * A new certificate in the place of one that still holds: for the same name and use, valid for as
   * long as that one was when it was new. The key may be another one.
   *
   * @param current the certificate that the node has just proven to hold by its connection
   * @param request a PKCS#10 certification request, DER; from outside, so anything
   * @param from who asks, for the security log
   * @throws EnrollmentException where it is refused: among others if the current certificate has
   *     expired, is revoked, or is not of this authority
   */
  IssuedCertificate renew(X509Certificate current, byte[] request, @Nullable InetSocketAddress from)
      throws EnrollmentException;
}
