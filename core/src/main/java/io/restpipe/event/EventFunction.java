package io.restpipe.event;

import org.jspecify.annotations.Nullable;

/** A handler as a lambda. */
@FunctionalInterface
public interface EventFunction {

  /**
   * Answers one event. May return whatever a handler method may: a {@link Response}, a {@link
   * Reply}, any value, a stream, null, or a {@code CompletionStage} of these.
   */
  @Nullable Object handle(EventContext context, PostData postData) throws Exception;
}
