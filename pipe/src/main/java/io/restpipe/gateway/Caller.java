package io.restpipe.gateway;

import io.restpipe.event.Principal;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who made a request, as far as it is known.
 *
 * @param principal who
 * @param address where from, seen past trusted proxies; null on a Unix domain socket
 */
record Caller(Principal principal, @Nullable InetAddress address) {

  /** For logs: the address, and the name of one who is known. */
  String text() {
    String from = address == null ? "unix" : address.getHostAddress();
    return switch (principal.kind()) {
      case LOCAL, ANONYMOUS -> from;
      case PEER, USER -> from + "(" + principal.name().replaceAll("[^!-~]", "?") + ")";
    };
  }
}
