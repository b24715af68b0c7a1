package io.restpipe.gateway;

import io.netty.channel.Channel;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Tells the security log what the gateway refuses, and to whom. On event loops. */
final class GatewaySecurity {

  private final SecurityLog log;

  GatewaySecurity(SecurityLog log) {
    this.log = log;
  }

  /** A caller came when all connections were in use. */
  void connectionRefused(Channel caller, int most) {
    log.log(
        about(SecurityEventKind.LIMIT_HIT, address(caller))
            .with(Field.LIMIT, most + " callers")
            .build());
  }

  /** A caller got no connection over TLS. */
  void handshakeRefused(Channel caller, String reason) {
    log.log(about(SecurityEventKind.HANDSHAKE_REFUSED, address(caller)).reason(reason).build());
  }

  /** A request is answered with an error of the gateway's own. */
  void refused(
      @Nullable InetSocketAddress caller,
      String method,
      String target,
      String agent,
      Problem problem) {
    switch (problem.type()) {
      case "cross-site", "unauthorized", "certificate-needed" ->
          log(SecurityEventKind.ACCESS_DENIED, caller, method, target, agent, problem);
      case "target-too-long",
          "headers-too-large",
          "head-too-slow",
          "body-too-slow",
          "too-large",
          "rate-limit",
          "overloaded" ->
          log(SecurityEventKind.LIMIT_HIT, caller, method, target, agent, problem);
      default -> {}
    }
  }

  /** Credentials were shown, and are not right. */
  void credentialsRefused(
      SecurityEventKind kind,
      @Nullable InetSocketAddress caller,
      String method,
      String target,
      String agent,
      String reason) {
    SecurityEvent.Builder event =
        about(kind, caller)
            .reason(reason)
            .with(Field.METHOD, method)
            .with(Field.PATH, AccessLog.path(target));
    if (!agent.isEmpty()) {
      event.with(Field.USER_AGENT, agent);
    }
    log.log(event.build());
  }

  private void log(
      SecurityEventKind kind,
      @Nullable InetSocketAddress caller,
      String method,
      String target,
      String agent,
      Problem problem) {
    SecurityEvent.Builder event =
        about(kind, caller).reason(problem.type()).with(Field.MESSAGE, problem.detail());
    if (!method.equals(HttpExchange.NOTHING)) {
      event.with(Field.METHOD, method).with(Field.PATH, AccessLog.path(target));
    }
    if (!agent.isEmpty()) {
      event.with(Field.USER_AGENT, agent);
    }
    log.log(event.build());
  }

  private static SecurityEvent.Builder about(
      SecurityEventKind kind, @Nullable InetSocketAddress caller) {
    return SecurityEvent.builder(kind).from(caller);
  }

  private static @Nullable InetSocketAddress address(Channel caller) {
    return caller.remoteAddress() instanceof InetSocketAddress address ? address : null;
  }
}
