package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.EventContext;
import io.restpipe.event.PostData;
import org.jspecify.annotations.Nullable;

/** What runs for an event: a handler's method or function, with its parameters bound. */
@FunctionalInterface
interface EventTarget {

  @Nullable Object call(EventContext context, PostData postData) throws Throwable;
}
