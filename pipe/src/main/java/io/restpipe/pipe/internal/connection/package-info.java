/**
 * One multiplexed connection: streams, credit, fair writing, heartbeats, deadlines, cancellation;
 * and dialing again when it breaks.
 */
@NullMarked
package io.restpipe.pipe.internal.connection;

import org.jspecify.annotations.NullMarked;
