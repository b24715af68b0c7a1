package io.restpipe.security;

import java.util.Locale;

/**
 * A certificate was not given. The message is a sentence for the one who asked, with the remedy; it
 * never holds a secret, nor tells more of what is kept than the reason does.
 */
public final class EnrollmentException extends Exception {

  private static final long serialVersionUID = 1;

  /** Why. A closed set; {@link #toString} is how it is called on the wire and in logs. */
  public enum Reason {
    /** There is no such token, or its secret is another one. */
    TOKEN_UNKNOWN(false),
    /** The token's time is over. */
    TOKEN_EXPIRED(false),
    /** The token was used as often as it may be. */
    TOKEN_USED(false),
    /** The token was revoked. */
    TOKEN_REVOKED(false),
    /** The request is no certification request, or its signature is not of its key. */
    REQUEST_MALFORMED(false),
    /** The request asks for what it may not have: another's name, an authority, a wildcard. */
    REQUEST_REFUSED(false),
    /** The certificate to renew is not of this authority. */
    CERTIFICATE_UNKNOWN(false),
    /** The certificate to renew has expired: the node must join anew. */
    CERTIFICATE_EXPIRED(false),
    /** The certificate to renew is revoked. */
    CERTIFICATE_REVOKED(false),
    /** Too many requests; trying again in a minute may succeed. */
    TOO_MANY_REQUESTS(true),
    /** The authority can't work now, such as when its files can't be written; try again later. */
    UNAVAILABLE(true),
    /** This server gives no certificates. */
    NOT_OFFERED(false);

    private final boolean retryable;

    Reason(boolean retryable) {
      this.retryable = retryable;
    }

    /** Whether the same request may succeed later. */
    public boolean isRetryable() {
      return retryable;
    }

    /** Such as {@code token-expired}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Reason reason;

  public EnrollmentException(Reason reason, String sentence) {
    super(sentence);
    this.reason = reason;
  }

  public EnrollmentException(Reason reason, String sentence, Throwable cause) {
    super(sentence, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
