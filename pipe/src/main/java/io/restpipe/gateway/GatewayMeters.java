package io.restpipe.gateway;

import io.restpipe.metrics.Metrics;
import java.util.concurrent.atomic.AtomicLong;

/** What a gateway counts. Any thread. */
final class GatewayMeters {

  private static final int CLASSES = 5;

  private final Metrics.Counter requests;
  private final Metrics.Timer timing;
  private final Metrics.Counter[] byClass = new Metrics.Counter[CLASSES];
  private final Metrics.Counter callerGone;
  private final Metrics.Counter connectionsRefused;
  private final AtomicLong running = new AtomicLong();
  private final AtomicLong connections = new AtomicLong();

  GatewayMeters(Metrics metrics) {
    requests = metrics.counter("gateway.request.tick");
    timing = metrics.timer("gateway.request.timing");
    for (int i = 0; i < CLASSES; i++) {
      byClass[i] = metrics.counter("gateway.response." + (i + 1) + "xx.tick");
    }
    callerGone = metrics.counter("gateway.request.caller_gone.tick");
    connectionsRefused = metrics.counter("gateway.connection.refused.tick");
    metrics.gauge("gateway.request.running", running::get);
    metrics.gauge("gateway.connection.count", connections::get);
  }

  void requestStarted() {
    requests.increment();
    running.incrementAndGet();
  }

  void requestEnded(int status, long nanos) {
    running.decrementAndGet();
    timing.recordNanos(nanos);
    int family = status / 100;
    if (status == AccessLog.CALLER_GONE) {
      callerGone.increment();
    } else if (family >= 1 && family <= CLASSES) {
      byClass[family - 1].increment();
    }
  }

  /** Counts a connection in; how many there are with it. */
  long connected() {
    return connections.incrementAndGet();
  }

  void disconnected() {
    connections.decrementAndGet();
  }

  void connectionRefused() {
    connectionsRefused.increment();
  }
}
