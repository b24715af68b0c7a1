package io.restpipe.security;

import io.restpipe.event.Principal;
import java.util.Optional;

/**
 * Decides who may call what on whom. The seam between the nodes, which ask at the gateway, before
 * an event is sent and when one comes in, and whoever knows the rules.
 *
 * <p>Any thread, an event loop too: it neither blocks nor throws.
 */
public interface Authorizer {

  /** Whether the call may be made, and by which rule. */
  Decision decide(Access access);

  /**
   * What stands of a client's word about a user. By default nothing: a client may not vouch.
   *
   * @param client whose word it is, by its certificate
   * @param user as the client says, with roles, groups and scopes
   * @return the user with what the client may vouch for and nothing more; absent if it may not
   *     vouch for that user at all
   */
  default Optional<Principal> vouched(String client, Principal user) {
    return Optional.empty();
  }

  /**
   * What was decided.
   *
   * @param rule what decided, for people: {@code policy:12: allow role:operator GET ** on client:*}
   */
  record Decision(boolean allowed, String rule) {}
}
