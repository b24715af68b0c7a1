package io.restpipe.security;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Finds out who an HTTP caller is. The seam between a gateway and those who know users, passwords
 * and tokens.
 *
 * <p>Called on an event loop for each request: it never blocks. What takes time (a hash, a
 * database) runs elsewhere, and the stage completes on any thread. A stage that fails counts as
 * {@link Authentication.Unavailable}; it never lets anybody in. It does not write to the security
 * log: the gateway does, for each caller that is refused.
 */
@FunctionalInterface
public interface Authenticator {

  /** Who it is; {@link Authentication#ABSENT} where there are no credentials of its sort. */
  CompletionStage<Authentication> authenticate(Credentials credentials);

  /**
   * What a caller without credentials is told in WWW-Authenticate, one value each (RFC 9110 section
   * 11.6.1): {@code Basic realm="restpipe", charset="UTF-8"}. Default: none.
   */
  default List<String> challenges() {
    return List.of();
  }
}
