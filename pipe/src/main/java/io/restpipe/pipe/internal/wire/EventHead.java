package io.restpipe.pipe.internal.wire;

import io.restpipe.event.Headers;
import io.restpipe.event.Principal;
import io.restpipe.event.Verb;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event without its body.
 *
 * @param id names the event for de-duplication; never empty
 * @param bodyLength bytes of the body, or -1 where it is not known beforehand
 * @param timeoutMillis how long the sender waits from now
 * @param resent whether the sender may have sent this event before, over another connection
 * @param caller on whose behalf the sender says it sends; null for its own
 * @param relayTo the client that a server is to pass it on to; null for none
 */
public record EventHead(
    String id,
    Verb verb,
    String noun,
    List<String> parameters,
    String query,
    Headers headers,
    String mimeType,
    long bodyLength,
    long timeoutMillis,
    boolean resent,
    @Nullable Principal caller,
    @Nullable String relayTo) {

  /** A head of the opener's own, for the receiver itself. */
  public EventHead(
      String id,
      Verb verb,
      String noun,
      List<String> parameters,
      String query,
      Headers headers,
      String mimeType,
      long bodyLength,
      long timeoutMillis,
      boolean resent) {
    this(
        id,
        verb,
        noun,
        parameters,
        query,
        headers,
        mimeType,
        bodyLength,
        timeoutMillis,
        resent,
        null,
        null);
  }
}
