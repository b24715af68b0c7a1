/**
 * From a socket to a connection that is up: TLS and greeting, at both ends; and dialing again, with
 * back-off, lanes and the server's hints.
 */
@NullMarked
package io.restpipe.pipe.internal.link;

import org.jspecify.annotations.NullMarked;
