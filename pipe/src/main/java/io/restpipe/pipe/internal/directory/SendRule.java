package io.restpipe.pipe.internal.directory;

import io.restpipe.event.Event;
import org.jspecify.annotations.Nullable;

/** Says what may be sent to whom. Any thread; it neither blocks nor throws. */
@FunctionalInterface
public interface SendRule {

  /**
   * Whether an event may not be sent.
   *
   * @param peer the name of the peer that would get it, by its certificate where it is connected
   * @return a sentence that says why not; null if it may be sent
   */
  @Nullable String forbids(String peer, Event event);
}
