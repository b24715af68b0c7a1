/**
 * The HTTP face of a node: HTTP/1.1 over TCP or a Unix domain socket on one side, {@code Peers} on
 * the other.
 *
 * <p>Written against the public types only: {@code io.restpipe.event}, {@code io.restpipe.pipe} and
 * {@code io.restpipe.metrics}. {@code docs/gateway.md} is the reference for callers.
 */
@NullMarked
package io.restpipe.gateway;

import org.jspecify.annotations.NullMarked;
