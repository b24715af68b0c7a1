package io.restpipe.pipe.internal.wire;

import java.nio.ByteBuffer;

/**
 * The body of an event of version 1.
 *
 * @param verb as it came: lower case, and not necessarily one that is known
 * @param noun with the parameters behind {@code //}; see {@link V1Noun}
 * @param mimeType of the data; may be empty
 * @param data any bytes; a view of its own
 */
public record V1Event(String verb, String noun, String mimeType, ByteBuffer data) {}
