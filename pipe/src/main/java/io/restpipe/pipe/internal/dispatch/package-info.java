/**
 * From an event to a handler method and back.
 *
 * <p>{@link io.restpipe.pipe.internal.dispatch.Dispatcher} finds the method in a table made at
 * start, runs it where it may run, and turns what it returns or throws into a reply. {@link
 * io.restpipe.pipe.internal.dispatch.OnceProcessor} stands in front of it and sees to it that what
 * must not run twice does not. Imports {@code io.restpipe.event}, {@code io.restpipe.metrics},
 * Jackson and SLF4J only.
 */
@NullMarked
package io.restpipe.pipe.internal.dispatch;

import org.jspecify.annotations.NullMarked;
