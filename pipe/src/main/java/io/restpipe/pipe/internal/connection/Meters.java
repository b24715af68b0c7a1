package io.restpipe.pipe.internal.connection;

import io.restpipe.metrics.Metrics;

/** What a connection counts, under the names of version 1. */
public final class Meters {

  public final Metrics.Counter sent;
  public final Metrics.Timer answered;
  public final Metrics.Counter received;
  public final Metrics.Timer handled;
  public final Metrics.Timer heartbeat;
  public final Metrics.Counter heartbeatSuccess;
  public final Metrics.Counter heartbeatFail;

  public Meters(Metrics metrics, Role role) {
    sent = metrics.counter("message.send.tick");
    answered = metrics.timer("message.send.timing");
    received = metrics.counter("message.receive.tick");
    handled = metrics.timer("message.receive.handle.timing");
    Metrics ofDialer = role == Role.DIALER ? metrics : Metrics.none();
    heartbeat = ofDialer.timer("client.connect.heartbeat.timing");
    heartbeatSuccess = ofDialer.counter("client.connect.heartbeat.success.tick");
    heartbeatFail = ofDialer.counter("client.connect.heartbeat.fail.tick");
  }
}
