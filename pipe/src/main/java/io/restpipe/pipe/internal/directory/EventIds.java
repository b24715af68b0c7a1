package io.restpipe.pipe.internal.directory;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes event ids that are unique over all nodes and restarts: 80 random bits for the process, and
 * a count. Not secret.
 */
final class EventIds {

  private static final int RANDOM_BYTES = 10;

  private final String prefix;
  private final AtomicLong next = new AtomicLong();

  EventIds() {
    var random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    var text = new StringBuilder();
    for (byte b : random) {
      text.append(Character.forDigit((b >> 4) & 0xf, 16)).append(Character.forDigit(b & 0xf, 16));
    }
    this.prefix = text.append('-').toString();
  }

  String next() {
    return prefix + Long.toString(next.incrementAndGet(), 36);
  }
}
