package io.restpipe.cef;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a daemon listens: {@code /dev/log}, or {@code tls://host:6514} and the like. */
record SyslogAddress(Kind kind, String host, int port) {

  enum Kind {
    LOCAL(0),
    UDP(514),
    TCP(601),
    TLS(6514);

    final int port;

    Kind(int port) {
      this.port = port;
    }

    boolean isKept() {
      return this == TCP || this == TLS;
    }
  }

  static final String RULE =
      "must be the path of a socket, or udp://HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT";

  private static final Pattern FORM =
      Pattern.compile("(udp|tcp|tls)://(\\[[0-9a-fA-F:.]+]|[^\\s:/\\[\\]]+)(?::(\\d{1,5}))?/?");

  static Optional<SyslogAddress> parse(String text) {
    if (text.startsWith("/") || text.startsWith("unix:")) {
      String path = text.startsWith("unix:") ? text.substring("unix:".length()) : text;
      return path.isEmpty()
          ? Optional.empty()
          : Optional.of(new SyslogAddress(Kind.LOCAL, path, 0));
    }
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    Kind kind =
        switch (parts.group(1)) {
          case "udp" -> Kind.UDP;
          case "tcp" -> Kind.TCP;
          default -> Kind.TLS;
        };
    int port = parts.group(3) == null ? kind.port : Integer.parseInt(parts.group(3));
    String host = parts.group(2).replaceAll("[\\[\\]]", "");
    return port >= 1 && port <= 65_535
        ? Optional.of(new SyslogAddress(kind, host, port))
        : Optional.empty();
  }

  Path path() {
    return Path.of(host);
  }
}
