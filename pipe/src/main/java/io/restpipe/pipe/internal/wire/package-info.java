/**
 * The wire format, version 2: frames, and the codec between frames and bytes. Pure: no sockets,
 * sessions or clocks. {@code docs/protocol.md} is the specification.
 */
@NullMarked
package io.restpipe.pipe.internal.wire;

import org.jspecify.annotations.NullMarked;
