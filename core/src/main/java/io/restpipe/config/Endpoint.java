package io.restpipe.config;

import java.nio.file.Path;

/** Where to listen or to connect: a TCP port, or a Unix domain socket. */
public sealed interface Endpoint {

  /** What the text of an endpoint must be. */
  String EXPECTED = "must be HOST:PORT (port 0 to 65535) or unix:PATH";

  /** A TCP port; 0 lets the system choose one. */
  record Tcp(String host, int port) implements Endpoint {

    /**
     * Reads {@code HOST:PORT}.
     *
     * @throws IllegalArgumentException that says what would be right
     */
    public static Tcp parse(String text) {
      return EndpointText.tcp(text, "must be HOST:PORT (port 0 to 65535)");
    }

    /** {@code HOST:PORT}, an IPv6 address in brackets. */
    @Override
    public String toString() {
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
  }

  /** A Unix domain socket. */
  record Unix(Path path) implements Endpoint {

    /** {@code unix:PATH}. */
    @Override
    public String toString() {
      return "unix:" + path;
    }
  }

  /**
   * Reads {@code HOST:PORT} or {@code unix:PATH}.
   *
   * @throws IllegalArgumentException that says what would be right
   */
  static Endpoint parse(String text) {
    return EndpointText.parse(text, null);
  }
}
