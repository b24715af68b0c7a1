package io.restpipe.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.security.interfaces.RSAPublicKey;

/** RSA and shared secrets, by nimbus and the JDK. */
final class NimbusCheck implements SignatureCheck {

  private final JWSHeader header;
  private final JWSVerifier verifier;

  private NimbusCheck(JwsAlgorithm algorithm, JWSVerifier verifier) {
    this.header = new JWSHeader(algorithm.nimbus());
    this.verifier = verifier;
  }

  static SignatureCheck rsa(JwsAlgorithm algorithm, RSAPublicKey key) {
    return new NimbusCheck(algorithm, new RSASSAVerifier(key));
  }

  static SignatureCheck secret(JwsAlgorithm algorithm, byte[] secret) throws JOSEException {
    return new NimbusCheck(algorithm, new MACVerifier(secret));
  }

  @Override
  public boolean verifies(byte[] signed, byte[] signature) {
    try {
      return verifier.verify(header, signed, Base64URL.encode(signature));
    } catch (JOSEException invalid) {
      return false;
    }
  }
}
