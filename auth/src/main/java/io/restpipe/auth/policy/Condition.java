package io.restpipe.auth.policy;

import io.restpipe.event.Principal;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One thing that a rule asks of a caller. */
@FunctionalInterface
interface Condition {

  boolean holds(Principal caller);

  /** What a condition with a name may begin with, and what the name is compared with. */
  Map<String, Kind> KINDS =
      new TreeMap<>(
          Map.of(
              "user", Kind.USER,
              "role", Kind.ROLE,
              "group", Kind.GROUP,
              "scope", Kind.SCOPE,
              "peer", Kind.PEER,
              "via", Kind.VIA));

  /** The sorts of names. */
  enum Kind {
    /** The user's name. */
    USER,
    ROLE,
    GROUP,
    SCOPE,
    /** The name in the certificate of the caller itself. */
    PEER,
    /** The node that vouches for the caller. */
    VIA;

    Condition of(NamePattern name) {
      return switch (this) {
        case USER -> caller -> caller.kind() == Principal.Kind.USER && name.matches(caller.name());
        case PEER -> caller -> caller.kind() == Principal.Kind.PEER && name.matches(caller.name());
        case ROLE -> caller -> anyOf(caller.roles(), name);
        case GROUP -> caller -> anyOf(caller.groups(), name);
        case SCOPE -> caller -> anyOf(caller.scopes(), name);
        case VIA -> caller -> caller.vouchedBy().filter(name::matches).isPresent();
      };
    }

    private static boolean anyOf(Set<String> names, NamePattern name) {
      for (String one : names) {
        if (name.matches(one)) {
          return true;
        }
      }
      return false;
    }
  }
}
