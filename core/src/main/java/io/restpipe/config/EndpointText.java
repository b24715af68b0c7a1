package io.restpipe.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads endpoints. */
final class EndpointText {

  private static final String UNIX = "unix:";

  private EndpointText() {}

  static Endpoint parse(String text, @Nullable Path folder) {
    if (!text.startsWith(UNIX)) {
      return tcp(text, Endpoint.EXPECTED);
    }
    String path = text.substring(UNIX.length());
    if (path.isEmpty()) {
      throw new IllegalArgumentException(Endpoint.EXPECTED);
    }
    return new Endpoint.Unix(Types.path(path, folder));
  }

  static Endpoint.Tcp tcp(String text, String expected) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException(expected);
    }
    try {
      String host = text.substring(0, colon);
      if (host.indexOf(':') >= 0 && !host.startsWith("[")) {
        throw new IllegalArgumentException("must have its IPv6 address in brackets");
      }
      return new Endpoint.Tcp(Types.host(host), Types.port(text.substring(colon + 1), 0));
    } catch (IllegalArgumentException wrongPart) {
      throw new IllegalArgumentException(expected, wrongPart);
    }
  }
}
