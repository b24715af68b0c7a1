package io.restpipe.gateway;

import io.netty.channel.group.ChannelGroup;
import io.restpipe.pipe.Peers;

/** What all connections of a gateway share. Any thread. */
final class GatewayContext {

  final GatewayListener listener;

  /** Whether a request is looked at before it goes on. */
  final boolean asks;

  final GatewayOptions options;
  final Peers peers;
  final RequestRouter router;
  final Pages pages;
  final AccessLog accessLog;
  final GatewayMeters meters;
  final GatewaySecurity security;
  final ChannelGroup connections;

  private volatile boolean refusing;
  private volatile boolean closing;

  GatewayContext(
      GatewayListener listener,
      GatewayOptions options,
      Peers peers,
      NodeStatus node,
      ChannelGroup connections) {
    this.listener = listener;
    this.asks = listener.asks() || !options.endpoints().isEmpty();
    this.options = options;
    this.peers = peers;
    this.router = new RequestRouter(node.role(), options.heartbeatPage(), options.endpoints());
    this.pages = new Pages(node, peers);
    this.accessLog = new AccessLog(options.accessLog());
    this.meters = new GatewayMeters(options.metrics());
    this.security = new GatewaySecurity(options.securityLog());
    this.connections = connections;
  }

  /** Whether new events are answered 503, and connections end with the next response. */
  boolean refusing() {
    return refusing;
  }

  void refuse() {
    refusing = true;
  }

  /** Whether connections end with the request that they are at. */
  boolean closing() {
    return closing;
  }

  void close() {
    refusing = true;
    closing = true;
  }
}
