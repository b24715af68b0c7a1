package io.restpipe.auth.jwt;

import com.nimbusds.jose.jwk.Curve;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed448PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed448PublicKeyParameters;
import org.bouncycastle.jce.ECNamedCurveTable;

/** The public key of a private one: a PEM file with a private key need not hold it. */
final class PublicHalf {

  private PublicHalf() {}

  static PublicKey of(PrivateKey key) throws KeyException {
    try {
      if (key instanceof RSAPrivateCrtKey rsa) {
        return KeyFactory.getInstance("RSA")
            .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
      }
      if (key instanceof ECPrivateKey ec) {
        return ofEc(ec);
      }
      if (key instanceof EdECPrivateKey edwards && edwards.getBytes().isPresent()) {
        return ofEdwards(edwards.getBytes().orElseThrow());
      }
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      throw new KeyException("the private key can't be used", e);
    }
    throw new KeyException("a key of kind " + key.getAlgorithm() + " signs no tokens");
  }

  private static PublicKey ofEc(ECPrivateKey key) throws GeneralSecurityException, KeyException {
    ECParameterSpec parameters = key.getParams();
    Curve curve = Curve.forECParameterSpec(parameters);
    var named = curve == null ? null : ECNamedCurveTable.getParameterSpec(curve.getStdName());
    if (named == null) {
      throw new KeyException("the key's curve is none of P-256, P-384 and P-521");
    }
    var point = named.getG().multiply(key.getS()).normalize();
    return KeyFactory.getInstance("EC")
        .generatePublic(
            new ECPublicKeySpec(
                new ECPoint(
                    point.getAffineXCoord().toBigInteger(), point.getAffineYCoord().toBigInteger()),
                parameters));
  }

  private static PublicKey ofEdwards(byte[] seed) throws GeneralSecurityException, IOException {
    return edwards(
        seed.length == Ed448PrivateKeyParameters.KEY_SIZE
            ? new Ed448PrivateKeyParameters(seed).generatePublicKey().getEncoded()
            : new Ed25519PrivateKeyParameters(seed).generatePublicKey().getEncoded());
  }

  /** A public key of Ed25519 from its 32 bytes, or of Ed448 from its 57. */
  static PublicKey edwards(byte[] point) throws GeneralSecurityException, IOException {
    var kind =
        point.length == Ed448PublicKeyParameters.KEY_SIZE
            ? EdECObjectIdentifiers.id_Ed448
            : EdECObjectIdentifiers.id_Ed25519;
    var info = new SubjectPublicKeyInfo(new AlgorithmIdentifier(kind), point);
    return KeyFactory.getInstance("EdDSA")
        .generatePublic(new X509EncodedKeySpec(info.getEncoded()));
  }

  /** The bytes of a public key of Ed25519 or Ed448. */
  static byte[] point(PublicKey edwards) {
    return SubjectPublicKeyInfo.getInstance(edwards.getEncoded()).getPublicKeyData().getOctets();
  }
}
