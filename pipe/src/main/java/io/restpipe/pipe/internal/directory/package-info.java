/**
 * Who is connected, by which name; waiting for a peer; and calls that survive a reconnect where
 * that is safe.
 */
@NullMarked
package io.restpipe.pipe.internal.directory;

import org.jspecify.annotations.NullMarked;
