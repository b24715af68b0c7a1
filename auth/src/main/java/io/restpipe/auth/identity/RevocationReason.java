package io.restpipe.auth.identity;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Why a certificate is revoked: the reasons of RFC 5280 section 5.3.1 that fit a node. */
public enum RevocationReason {
  /** Not said. */
  UNSPECIFIED(0),
  /** Somebody else has, or may have, the private key. */
  KEY_COMPROMISE(1),
  /** The node belongs to somebody else now. */
  AFFILIATION_CHANGED(3),
  /** Another certificate took its place. */
  SUPERSEDED(4),
  /** The node is no more. */
  CESSATION_OF_OPERATION(5),
  /** The node may not do any more what the certificate lets it do. */
  PRIVILEGE_WITHDRAWN(9);

  private final int code;

  RevocationReason(int code) {
    this.code = code;
  }

  /** The CRLReason. */
  int code() {
    return code;
  }

  /**
   * The reason of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static RevocationReason parse(String text) {
    for (RevocationReason reason : values()) {
      if (reason.toString().equalsIgnoreCase(text)) {
        return reason;
      }
    }
    throw new IllegalArgumentException(
        "reason: must be one of %s: \"%s\""
            .formatted(
                Arrays.stream(values())
                    .map(RevocationReason::toString)
                    .collect(Collectors.joining(", ")),
                text));
  }

  /** Such as {@code key-compromise}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
