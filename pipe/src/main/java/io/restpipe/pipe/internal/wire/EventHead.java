package io.restpipe.pipe.internal.wire;

import io.restpipe.event.Headers;
import io.restpipe.event.Verb;
import java.util.List;

/**
 * An event without its body.
 *
 * @param id names the event for de-duplication; never empty
 * @param bodyLength bytes of the body, or -1 where it is not known beforehand
 * @param timeoutMillis how long the sender waits from now
 * @param resent whether the sender may have sent this event before, over another connection
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
    boolean resent) {}
