package io.restpipe.pipe.internal.wire;

import java.nio.ByteBuffer;

/**
 * The body of an event reply of version 1.
 *
 * @param mimeType of the data; may be empty
 * @param code 0 to 4294967295
 * @param data any bytes; a view of its own
 */
public record V1Reply(String mimeType, long code, ByteBuffer data) {}
