package io.restpipe.pipe.internal.wire;

import io.restpipe.event.Headers;

/**
 * A reply without its body.
 *
 * @param bodyLength bytes of the body, or -1 where it is not known beforehand
 */
public record ReplyHead(int code, String mimeType, Headers headers, long bodyLength) {}
