package io.restpipe.pipe.internal.tls;

import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** The peer's certificate is not accepted; the message is a sentence for a person. */
final class PeerCertificateException extends CertificateException {

  private static final long serialVersionUID = 1;

  PeerCertificateException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
