package io.restpipe.pipe.internal.link;

import io.restpipe.pipe.internal.tls.HandshakeFailure;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.security.NodeRole;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How fast to dial again, by what went wrong: trying harder does not mend a certificate. */
enum Lane {
  /** The network, or a server that is not up: fast. */
  NETWORK(Duration.ofMillis(500), Duration.ofSeconds(10)),
  /** A certificate was refused, at this end or the other: slow and loud. */
  CERTIFICATE(Duration.ofSeconds(15), Duration.ofMinutes(5)),
  /** Another machine has this node's name: slow, for it may go away. */
  NAME_TAKEN(Duration.ofSeconds(5), Duration.ofMinutes(1)),
  /** No version in common: hardly. */
  INCOMPATIBLE(Duration.ofMinutes(5), Duration.ofMinutes(15));

  private final Duration first;
  private final Duration cap;

  Lane(Duration first, Duration cap) {
    this.first = first;
    this.cap = cap;
  }

  /** What a server says when it goes away, or does not let us in. */
  static Lane of(GoAway goAway) {
    return switch (goAway.reason()) {
      case NAME_TAKEN -> NAME_TAKEN;
      case FORBIDDEN -> CERTIFICATE;
      case INCOMPATIBLE, PROTOCOL_ERROR -> INCOMPATIBLE;
      case UNKNOWN, DRAINING, REPLACED, OVERLOADED -> NETWORK;
    };
  }

  /** What ended a connection. */
  static Lane of(@Nullable Throwable cause) {
    return cause == null ? NETWORK : of(HandshakeFailure.of(cause, NodeRole.SERVER));
  }

  static Lane of(HandshakeFailure failure) {
    return switch (failure.kind()) {
      case NETWORK -> NETWORK;
      case CERTIFICATE -> CERTIFICATE;
      case INCOMPATIBLE -> INCOMPATIBLE;
    };
  }

  /** The most to wait before the first attempt. */
  Duration first() {
    return first;
  }

  /** The most to wait before any attempt. */
  Duration cap() {
    return cap;
  }
}
