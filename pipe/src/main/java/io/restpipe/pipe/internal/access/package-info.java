/**
 * Who is behind an event and whether they may: asked where an event comes in and before one is
 * sent, and on a server before one is passed on from client to client.
 *
 * <p>Imports {@code event}, {@code security}, {@code pipe} and the directory.
 */
@NullMarked
package io.restpipe.pipe.internal.access;

import org.jspecify.annotations.NullMarked;
