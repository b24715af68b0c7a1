package io.restpipe.gateway;

import io.restpipe.metrics.Metrics;
import io.restpipe.security.HttpEndpoint;
import io.restpipe.security.Revocations;
import io.restpipe.security.SecurityLog;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** How a gateway behaves. Immutable. */
public final class GatewayOptions {

  private final String heartbeatPage;
  private final Duration eventTimeout;
  private final Duration idleTimeout;
  private final Duration headTimeout;
  private final Duration retryAfter;
  private final int maxConnections;
  private final boolean legacyStatus;
  private final boolean showTracebacks;
  private final boolean accessLog;
  private final Metrics metrics;
  private final Map<String, HttpEndpoint> endpoints;
  private final SecurityLog securityLog;
  private final Supplier<Revocations> revocations;

  private GatewayOptions(Builder builder) {
    this.heartbeatPage = builder.heartbeatPage;
    this.eventTimeout = builder.eventTimeout;
    this.idleTimeout = builder.idleTimeout;
    this.headTimeout = builder.headTimeout;
    this.retryAfter = builder.retryAfter;
    this.maxConnections = builder.maxConnections;
    this.legacyStatus = builder.legacyStatus;
    this.showTracebacks = builder.showTracebacks;
    this.accessLog = builder.accessLog;
    this.metrics = builder.metrics;
    this.endpoints = Map.copyOf(builder.endpoints);
    this.securityLog = builder.securityLog;
    this.revocations = builder.revocations;
  }

  public static Builder builder() {
    return new Builder();
  }

  String heartbeatPage() {
    return heartbeatPage;
  }

  Duration eventTimeout() {
    return eventTimeout;
  }

  Duration idleTimeout() {
    return idleTimeout;
  }

  Duration headTimeout() {
    return headTimeout;
  }

  Duration retryAfter() {
    return retryAfter;
  }

  int maxConnections() {
    return maxConnections;
  }

  boolean legacyStatus() {
    return legacyStatus;
  }

  boolean showTracebacks() {
    return showTracebacks;
  }

  boolean accessLog() {
    return accessLog;
  }

  /** By path, with its first slash and without a last one. */
  Map<String, HttpEndpoint> endpoints() {
    return endpoints;
  }

  Metrics metrics() {
    return metrics;
  }

  SecurityLog securityLog() {
    return securityLog;
  }

  Supplier<Revocations> revocations() {
    return revocations;
  }

  /** Collects options. Not thread-safe. */
  public static final class Builder {

    private String heartbeatPage = "__heartbeat__";
    private Duration eventTimeout = Duration.ofSeconds(30);
    private Duration idleTimeout = Duration.ofSeconds(60);
    private Duration headTimeout = Duration.ofSeconds(10);
    private Duration retryAfter = Duration.ofSeconds(5);
    private int maxConnections = 4096;
    private boolean legacyStatus;
    private boolean showTracebacks;
    private boolean accessLog = true;
    private Metrics metrics = Metrics.none();
    private final Map<String, HttpEndpoint> endpoints = new TreeMap<>();
    private SecurityLog securityLog = SecurityLog.NONE;
    private Supplier<Revocations> revocations = () -> Revocations.NONE;

    private Builder() {}

    /**
     * The path of the heartbeat page, without its first slash. Default: {@code __heartbeat__}.
     *
     * @throws IllegalArgumentException if it is empty or holds anything but letters, digits, and
     *     {@code _ - . /}
     */
    public Builder heartbeatPage(String page) {
      if (!page.matches("[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")) {
        throw new IllegalArgumentException(
            "heartbeat page must be a path of letters, digits, _ - and . without a first slash: "
                + page);
      }
      this.heartbeatPage = page;
      return this;
    }

    /**
     * How long a caller waits for the reply at most; {@code X-Event-Timeout} shortens it. Default:
     * 30 s.
     */
    public Builder eventTimeout(Duration timeout) {
      this.eventTimeout = positive("event timeout", timeout);
      return this;
    }

    /**
     * How long a connection may be silent while something is expected from the caller: the next
     * request, more of a body, or that it takes what is sent. Default: 60 s.
     */
    public Builder idleTimeout(Duration timeout) {
      this.idleTimeout = positive("idle timeout", timeout);
      return this;
    }

    /** How long the head of a request may take from its first byte on. Default: 10 s. */
    public Builder headTimeout(Duration timeout) {
      this.headTimeout = positive("head timeout", timeout);
      return this;
    }

    /** What {@code Retry-After} says where nothing better is known. Default: 5 s. */
    public Builder retryAfter(Duration delay) {
      this.retryAfter = positive("retry after", delay);
      return this;
    }

    /**
     * How many callers may be connected at once; one more is answered 503. Default: 4096.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder maxConnections(int connections) {
      if (connections < 1) {
        throw new IllegalArgumentException("max connections < 1: " + connections);
      }
      this.maxConnections = connections;
      return this;
    }

    /** Whether return codes 251 and 255 are answered 200, as RestPipe 0.2 did. Default: no. */
    public Builder legacyStatus(boolean legacy) {
      this.legacyStatus = legacy;
      return this;
    }

    /** Whether callers from other machines see the tracebacks of handlers. Default: no. */
    public Builder showTracebacks(boolean show) {
      this.showTracebacks = show;
      return this;
    }

    /** Whether each request is logged to {@code io.restpipe.access}. Default: yes. */
    public Builder accessLog(boolean log) {
      this.accessLog = log;
      return this;
    }

    /**
     * Answers a path and everything beneath it by something that is no event. Default: none.
     *
     * @param path for example {@code /auth}
     * @throws IllegalArgumentException if it is malformed, or another endpoint has it
     */
    public Builder endpoint(String path, HttpEndpoint endpoint) {
      if (!path.matches("(/[A-Za-z0-9_.-]+)+") || path.matches("/(client|server)(/.*)?")) {
        throw new IllegalArgumentException(
            "endpoint must be a path such as /auth, and neither /client nor /server: " + path);
      }
      if (endpoints.putIfAbsent(path, endpoint) != null) {
        throw new IllegalArgumentException("there are two endpoints at " + path);
      }
      return this;
    }

    /** Where the gateway's meters go. Default: nowhere. */
    public Builder metrics(Metrics metrics) {
      this.metrics = metrics;
      return this;
    }

    /**
     * Told of requests that are denied or hit a limit, on event loops: it must not wait. Default:
     * nobody.
     */
    public Builder securityLog(SecurityLog log) {
      this.securityLog = log;
      return this;
    }

    /**
     * Which of the callers' certificates are not valid any more; asked at each request that comes
     * with one, on event loops: it must not wait. Default: none.
     */
    public Builder revocations(Supplier<Revocations> revocations) {
      this.revocations = revocations;
      return this;
    }

    private static Duration positive(String what, Duration duration) {
      if (duration.isNegative() || duration.isZero()) {
        throw new IllegalArgumentException(what + " is not positive: " + duration);
      }
      return duration;
    }

    public GatewayOptions build() {
      return new GatewayOptions(this);
    }
  }
}
