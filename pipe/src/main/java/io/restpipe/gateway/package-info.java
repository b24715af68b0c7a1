/** The HTTP face of a node, written against the public types of the pipe only. */
@NullMarked
package io.restpipe.gateway;

import org.jspecify.annotations.NullMarked;
