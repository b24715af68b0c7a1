package io.restpipe.pipe.internal.link;

/** Where to dial. */
public record DialTarget(String host, int port) {

  public DialTarget {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("server host is empty");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("server port must be 1 to 65535: " + port);
    }
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
