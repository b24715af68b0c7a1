/** From an event to a handler method and back. */
@NullMarked
package io.restpipe.pipe.internal.dispatch;

import org.jspecify.annotations.NullMarked;
