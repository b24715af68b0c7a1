package io.restpipe.cli;

import io.restpipe.event.ClientEventHandler;
import io.restpipe.event.NonBlocking;
import io.restpipe.event.Response;

/** Answers {@code time} and {@code cat} on a client that has no handler of its own. */
@NonBlocking
public final class TimeAndCatOfClient extends ClientEventHandler {

  /** {@code {"time_from_client": 1402897823.882672}}: seconds since 1970. */
  public Response getTime() {
    return TimeAndCat.time("time_from_client");
  }

  /** {@code {"result_from_client": "hello world"}}: the parameters, one after the other. */
  public Response getCat(String... parts) {
    return TimeAndCat.cat("result_from_client", parts);
  }
}
