package io.restpipe.pipe.internal.access;

import io.restpipe.event.Event;
import io.restpipe.event.PeerInfo;
import io.restpipe.event.Principal;
import io.restpipe.pipe.internal.directory.SendRule;
import io.restpipe.security.Access;
import io.restpipe.security.Authorizer;
import io.restpipe.security.NodeRole;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one node: its authorizer's, or without one those that RestPipe has by itself, which
 * allow all but calls from client to client. Any thread.
 */
public final class AccessControl implements SendRule {

  private static final Authorizer.Decision NO_POLICY =
      new Authorizer.Decision(false, "built-in: no policy allows calls from client to client");

  private final NodeRole role;
  private final String name;
  private final @Nullable Authorizer authorizer;
  private final SecurityLog log;

  /**
   * @param role of this node
   * @param name of this node
   * @param authorizer null for the rules that RestPipe has by itself
   */
  public AccessControl(
      NodeRole role, String name, @Nullable Authorizer authorizer, SecurityLog log) {
    this.role = role;
    this.name = name;
    this.authorizer = authorizer;
    this.log = log;
  }

  NodeRole role() {
    return role;
  }

  /** Whether an event of a peer's own, for this node, passes without a question. */
  boolean open() {
    return authorizer == null;
  }

  /** Who is behind an event that came in: as far as the peer's word counts, else the peer. */
  Principal caller(PeerInfo peer, Event event) {
    Principal said = event.caller().orElse(null);
    if (said == null || said.kind() == Principal.Kind.LOCAL) {
      return Principal.peer(peer.name());
    }
    return role == NodeRole.CLIENT ? asServerSays(peer, said) : asClientSays(peer.name(), said);
  }

  /** A client believes its server, which has asked its own rules. */
  private static Principal asServerSays(PeerInfo server, Principal said) {
    return said.vouchedBy().isPresent() ? said : said.toBuilder().vouchedBy(server.name()).build();
  }

  /**
   * A server believes a client what its rules let it vouch for, and otherwise that it is itself.
   */
  private Principal asClientSays(String client, Principal said) {
    if (said.kind() == Principal.Kind.ANONYMOUS) {
      return Principal.builder(Principal.Kind.ANONYMOUS, said.name()).vouchedBy(client).build();
    }
    if (said.kind() == Principal.Kind.USER && authorizer != null) {
      Principal bare = said.toBuilder().vouchedBy(client).claimed(null).build();
      Optional<Principal> vouched = authorizer.vouched(client, bare);
      if (vouched.isPresent()) {
        return vouched.get().toBuilder().vouchedBy(client).build();
      }
    }
    return Principal.builder(Principal.Kind.PEER, client)
        .method(Principal.Method.PIPE)
        .claimed(said.name())
        .build();
  }

  /**
   * Whether an event that came in is forbidden here.
   *
   * @return a sentence for the sender; null if it may go on
   */
  @Nullable String forbids(PeerInfo peer, Principal caller, Event event) {
    Access access;
    Optional<String> relayTo = event.relayTo();
    if (relayTo.isPresent()) {
      if (role == NodeRole.CLIENT) {
        return "a client passes nothing on";
      }
      if (relayTo.get().equals(peer.name())) {
        return "an event is not passed back to the client that it comes from";
      }
      access = Access.toClient(caller, relayTo.get(), event.verb(), event.noun());
    } else {
      access = here(caller, event);
    }
    if (authorizer == null && relayTo.isEmpty()) {
      return null;
    }
    return refusal(access, peer);
  }

  private Access here(Principal caller, Event event) {
    return role == NodeRole.SERVER
        ? Access.toServer(caller, event.verb(), event.noun())
        : Access.toClient(caller, name, event.verb(), event.noun());
  }

  @Override
  public @Nullable String forbids(String peer, Event event) {
    if (authorizer == null) {
      return null;
    }
    Principal caller = event.caller().orElse(Principal.local());
    Optional<String> relayTo = event.relayTo();
    Access access;
    if (role == NodeRole.SERVER) {
      access = Access.toClient(caller, peer, event.verb(), event.noun());
    } else if (relayTo.isPresent()) {
      access = Access.toClient(caller, relayTo.get(), event.verb(), event.noun());
    } else {
      access = Access.toServer(caller, event.verb(), event.noun());
    }
    return refusal(access, null);
  }

  private @Nullable String refusal(Access access, @Nullable PeerInfo peer) {
    Authorizer.Decision decision = authorizer == null ? NO_POLICY : authorizer.decide(access);
    if (decision.allowed()) {
      return null;
    }
    tell(access, decision, peer);
    return "the policy of "
        + (role == NodeRole.SERVER ? "the server" : "client " + name)
        + " does not allow it: "
        + access;
  }

  private void tell(Access access, Authorizer.Decision decision, @Nullable PeerInfo peer) {
    Principal caller = access.caller();
    SecurityEvent.Builder event =
        SecurityEvent.builder(SecurityEventKind.ACCESS_DENIED)
            .user(
                caller.kind() == Principal.Kind.PEER
                    ? caller.claimed().orElse(null)
                    : caller.name())
            .reason("not allowed by policy")
            .with(SecurityEvent.Field.METHOD, access.verb().name())
            .with(SecurityEvent.Field.PATH, path(access))
            .with(SecurityEvent.Field.RULE, decision.rule())
            .with(SecurityEvent.Field.MESSAGE, access.toString());
    if (peer != null) {
      event.peer(peer.name()).from(peer.address());
    }
    log.log(event.build());
  }

  private static String path(Access access) {
    return (access.client() ? "/client/" + access.target() : "/server") + "/" + access.noun();
  }
}
