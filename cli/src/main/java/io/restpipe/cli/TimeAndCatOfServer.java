package io.restpipe.cli;

import io.restpipe.event.NonBlocking;
import io.restpipe.event.Response;
import io.restpipe.event.ServerEventHandler;

/** Answers {@code time} and {@code cat} on a server that has no handler of its own. */
@NonBlocking
public final class TimeAndCatOfServer extends ServerEventHandler {

  /** {@code {"time_from_server": 1402897823.882672}}: seconds since 1970. */
  public Response getTime() {
    return TimeAndCat.time("time_from_server");
  }

  /** {@code {"result_from_server": "hello world"}}: the parameters, one after the other. */
  public Response getCat(String... parts) {
    return TimeAndCat.cat("result_from_server", parts);
  }
}
