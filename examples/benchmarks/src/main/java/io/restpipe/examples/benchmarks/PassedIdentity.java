package io.restpipe.examples.benchmarks;

import io.restpipe.security.Identity;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/** An identity as a line of text, to hand to the second process through its standard input. */
final class PassedIdentity {

  private static final String BETWEEN = " ";

  private PassedIdentity() {}

  static String write(Identity identity) {
    try {
      return String.join(
          BETWEEN,
          base64(identity.privateKey().getEncoded()),
          base64(identity.certificate().getEncoded()),
          base64(identity.trustAnchors().get(0).getEncoded()));
    } catch (CertificateException e) {
      throw new IllegalStateException("certificate cannot be written", e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  static Identity read(String line) {
    String[] parts = line.split(BETWEEN, -1);
    try {
      PrivateKey key =
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes(parts[0])));
      return new Identity(key, List.of(certificate(parts[1])), List.of(certificate(parts[2])));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("identity cannot be read", e);
    }
  }

  private static byte[] bytes(String base64) {
    return Base64.getDecoder().decode(base64);
  }

  private static X509Certificate certificate(String base64) throws CertificateException {
    var certificates = CertificateFactory.getInstance("X.509");
    return (X509Certificate)
        certificates.generateCertificate(new ByteArrayInputStream(bytes(base64)));
  }
}
