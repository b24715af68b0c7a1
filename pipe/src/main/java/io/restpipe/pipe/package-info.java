/**
 * What an embedding program holds: peers to call, exceptions to catch, listeners to register. The
 * nodes that hand these out are in {@code io.restpipe.node}.
 */
@NullMarked
package io.restpipe.pipe;

import org.jspecify.annotations.NullMarked;
