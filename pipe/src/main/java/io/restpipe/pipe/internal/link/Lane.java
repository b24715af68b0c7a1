package io.restpipe.pipe.internal.link;

import java.time.Duration;

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

  /** The most to wait before the first attempt. */
  Duration first() {
    return first;
  }

  /** The most to wait before any attempt. */
  Duration cap() {
    return cap;
  }
}
