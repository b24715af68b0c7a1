package io.restpipe.gateway;

import io.restpipe.security.HttpEndpoint;
import java.util.List;

/** Where a request goes. */
sealed interface Route {

  /** To a peer. */
  record ToPeer(String peer, String noun, List<String> parameters, String query) implements Route {}

  /** To an endpoint that is no event. */
  record ToEndpoint(HttpEndpoint endpoint, String path, String query) implements Route {}

  /** To a page of the gateway itself. */
  enum Page implements Route {
    HEARTBEAT,
    METRICS,
    CLIENTS
  }
}
