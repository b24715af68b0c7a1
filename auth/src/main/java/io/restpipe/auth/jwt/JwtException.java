package io.restpipe.auth.jwt;

/**
 * A token is not accepted. The message says why in words of ours and holds nothing of the token; it
 * is for logs: whoever sent the token need not know more than that it is not valid.
 */
public final class JwtException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** It is no compact JWS, or not of UTF-8, base64url and JSON as the RFCs want them. */
    MALFORMED,
    /** It is longer than is read. */
    TOO_LARGE,
    /** It needs something that is not supported: {@code crit}, {@code zip}, encryption, nesting. */
    UNSUPPORTED,
    /** Its algorithm is not that of the key. */
    ALGORITHM_REFUSED,
    /** No key is known for it. */
    KEY_UNKNOWN,
    /** Its signature is not that of the key. */
    SIGNATURE_INVALID,
    /** It is of a type that is not meant here. */
    TYPE_REFUSED,
    /** Its issuer is not trusted. */
    ISSUER_REFUSED,
    /** It is meant for somebody else. */
    AUDIENCE_REFUSED,
    /** It is not valid any more. */
    EXPIRED,
    /** It is not valid yet. */
    NOT_YET_VALID,
    /** A claim that must be there is not, or is not what it should be. */
    CLAIM_INVALID,
    /** It was withdrawn, as by a logout. */
    DENIED,
    /** The keys can't be had now. It says nothing of the token; trying again later is right. */
    KEYS_UNAVAILABLE
  }

  private final Reason reason;

  public JwtException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
