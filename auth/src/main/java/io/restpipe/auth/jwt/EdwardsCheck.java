package io.restpipe.auth.jwt;

import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.params.Ed448PublicKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.bouncycastle.math.ec.rfc8032.Ed448;

/**
 * Ed25519 and Ed448 (RFC 8037 section 3.1) by BouncyCastle, as {@link EcdsaCheck} is; nimbus knows
 * one of them, and needs another library for that.
 */
final class EdwardsCheck {

  private static final byte[] NO_CONTEXT = {};

  private EdwardsCheck() {}

  /**
   * A check by a key in the form of RFC 8032.
   *
   * @throws KeyException if it is no point of the group, such as one of the few of small order by
   *     which anybody can sign
   */
  static SignatureCheck of(byte[] point) throws KeyException {
    if (point.length == Ed25519.PUBLIC_KEY_SIZE && Ed25519.validatePublicKeyFull(point, 0)) {
      return ed25519(new Ed25519PublicKeyParameters(point));
    }
    if (point.length == Ed448.PUBLIC_KEY_SIZE && Ed448.validatePublicKeyFull(point, 0)) {
      return ed448(new Ed448PublicKeyParameters(point));
    }
    throw new KeyException("the key is no point of Ed25519 or Ed448 that can be used");
  }

  private static SignatureCheck ed25519(Ed25519PublicKeyParameters key) {
    return (signed, signature) ->
        signature.length == Ed25519.SIGNATURE_SIZE
            && key.verify(Ed25519.Algorithm.Ed25519, null, signed, 0, signed.length, signature, 0);
  }

  private static SignatureCheck ed448(Ed448PublicKeyParameters key) {
    return (signed, signature) ->
        signature.length == Ed448.SIGNATURE_SIZE
            && key.verify(
                Ed448.Algorithm.Ed448, NO_CONTEXT, signed, 0, signed.length, signature, 0);
  }
}
