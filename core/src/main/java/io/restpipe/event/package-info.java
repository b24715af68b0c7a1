/**
 * The words of the domain: events, replies, bodies, and the handlers that answer them.
 *
 * <p>All that a handler author needs. Imports the JDK only; everything else in RestPipe imports
 * this.
 */
@NullMarked
package io.restpipe.event;

import org.jspecify.annotations.NullMarked;
