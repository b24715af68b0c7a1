package io.restpipe.security;

/**
 * Why a certificate is not good for a node.
 *
 * @param kind which rule it breaks
 * @param what a predicate to {@code certificate …}, such as {@code expired 3 days ago (CN=web, not
 *     after 2026-11-18T10:00:00Z)}; printable, at most a few hundred characters
 */
public record CertificateProblem(Kind kind, String what) {

  /** The rules. */
  public enum Kind {
    /** Its time is over. */
    EXPIRED,
    /** Its authority has taken it back. */
    REVOKED,
    /** Its time has not begun. */
    NOT_YET_VALID,
    /** Its authority's time is over. */
    AUTHORITY_EXPIRED,
    /** No chain leads from it to a trust anchor. */
    UNTRUSTED,
    /** A chain leads there, but breaks a rule of certificate paths. */
    INVALID_CHAIN,
    /** It is for another use. */
    WRONG_USAGE,
    /** It says no name that a node can have. */
    NO_NAME
  }
}
