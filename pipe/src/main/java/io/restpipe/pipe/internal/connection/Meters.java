package io.restpipe.pipe.internal.connection;

import io.restpipe.metrics.Metrics;

/** What a connection counts, under the names of version 1. */
final class Meters {

  final Metrics.Counter sent;
  final Metrics.Timer answered;
  final Metrics.Counter received;
  final Metrics.Timer handled;
  final Metrics.Timer heartbeat;
  final Metrics.Counter heartbeatSuccess;
  final Metrics.Counter heartbeatFail;

  Meters(Metrics metrics, Role role) {
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
