package io.restpipe.examples.hello;

import io.restpipe.event.EventContext;
import io.restpipe.event.ServerEventHandler;
import java.time.Instant;
import java.util.Map;

/** What clients can ask the server. Each public method answers the verb and noun in its name. */
public final class ServerAnswers extends ServerEventHandler {

  /** Answers {@code GET time}; a map is sent as JSON. */
  public Map<String, String> getTime(EventContext context) {
    return Map.of("time", Instant.now().toString(), "asked_by", context.peer().name());
  }
}
