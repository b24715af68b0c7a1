package io.restpipe.metrics;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a statsd listens.
 *
 * @param host a name or an IP address; looked up by the reporter, again and again
 * @param port 1 to 65535
 */
public record StatsdAddress(String host, int port) {

  public static final String DEFAULT_HOST = "localhost";

  public static final int DEFAULT_PORT = 8125;

  public StatsdAddress {
    if (host.isBlank()) {
      throw new IllegalArgumentException("statsd host is empty");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("statsd port must be 1 to 65535: " + port);
    }
  }

  /**
   * The address that the two settings give. What is not set (null) has its default, {@code
   * localhost:8125}; both set to nothing: no statsd.
   *
   * @param host the value of {@code RP_STATSD_HOST}
   * @param port the value of {@code RP_STATSD_PORT}
   * @throws IllegalArgumentException if one is empty and the other is not, or the port is not a
   *     number from 1 to 65535
   */
  public static Optional<StatsdAddress> from(@Nullable String host, @Nullable String port) {
    String hostName = host == null ? DEFAULT_HOST : host.strip();
    String portNumber = port == null ? Integer.toString(DEFAULT_PORT) : port.strip();
    if (hostName.isEmpty() && portNumber.isEmpty()) {
      return Optional.empty();
    }
    if (hostName.isEmpty()) {
      throw oneWithoutTheOther("RP_STATSD_HOST", "RP_STATSD_PORT", portNumber);
    }
    if (portNumber.isEmpty()) {
      throw oneWithoutTheOther("RP_STATSD_PORT", "RP_STATSD_HOST", hostName);
    }
    return Optional.of(new StatsdAddress(hostName, parse(portNumber)));
  }

  private static IllegalArgumentException oneWithoutTheOther(
      String empty, String other, String value) {
    return new IllegalArgumentException(
        empty
            + " is empty but "
            + other
            + " is "
            + value
            + ": set both to send to a statsd, or both to nothing to send none");
  }

  private static int parse(String port) {
    try {
      int number = Integer.parseInt(port);
      if (number >= 1 && number <= 65_535) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Said below.
    }
    throw new IllegalArgumentException("RP_STATSD_PORT must be a number from 1 to 65535: " + port);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
