package io.restpipe.auth.jwt;

import com.nimbusds.jose.jwk.Curve;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.util.Arrays;
import java.util.Objects;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.jspecify.annotations.Nullable;

/**
 * ECDSA (RFC 7518 section 3.4) by BouncyCastle, which takes a fraction of the JDK's time for it:
 * the JDK computes as if all were secret, and here nothing is. A signature is R and S, each as long
 * as the curve's order, and nothing else: no DER, no zeros before or after.
 */
final class EcdsaCheck implements SignatureCheck {

  private final String digest;
  private final Curve curve;
  private final ECPoint point;
  private final int half;

  /** Made by the first token: loading what it takes would make each start slower. */
  private volatile @Nullable ECPublicKeyParameters loaded;

  EcdsaCheck(JwsAlgorithm algorithm, ECPublicKey key) {
    this.digest = "SHA-" + algorithm.token().substring(2);
    this.curve = Objects.requireNonNull(algorithm.curve());
    this.point = key.getW();
    this.half = (key.getParams().getOrder().bitLength() + 7) / 8;
  }

  @Override
  public boolean verifies(byte[] signed, byte[] signature) {
    if (signature.length != 2 * half) {
      return false;
    }
    var signer = new ECDSASigner();
    signer.init(false, key());
    return signer.verifySignature(
        digest(signed),
        new BigInteger(1, Arrays.copyOf(signature, half)),
        new BigInteger(1, Arrays.copyOfRange(signature, half, 2 * half)));
  }

  private ECPublicKeyParameters key() {
    ECPublicKeyParameters key = loaded;
    if (key == null) {
      X9ECParameters named = CustomNamedCurves.getByName(curve.getName());
      key =
          new ECPublicKeyParameters(
              named.getCurve().createPoint(point.getAffineX(), point.getAffineY()),
              new ECDomainParameters(named));
      loaded = key;
    }
    return key;
  }

  private byte[] digest(byte[] signed) {
    try {
      return MessageDigest.getInstance(digest).digest(signed);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each JDK has SHA-2
    }
  }
}
