/**
 * Connections to RestPipe 0.2.11, which speaks version 1 of the protocol, in both roles. What that
 * version cannot carry is refused here, and what it does not do (deadlines, limits, ids that do not
 * collide) is done at our end; nothing above knows of it.
 */
@NullMarked
package io.restpipe.pipe.internal.legacy;

import org.jspecify.annotations.NullMarked;
