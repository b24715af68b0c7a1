package io.restpipe.node;

import io.restpipe.event.EventHandler;
import io.restpipe.event.EventProcessor;
import io.restpipe.event.PeerInfo;
import io.restpipe.gateway.Gateway;
import io.restpipe.gateway.GatewayListener;
import io.restpipe.gateway.GatewayOptions;
import io.restpipe.gateway.NodeStatus;
import io.restpipe.metrics.NodeMetrics;
import io.restpipe.pipe.HostnameResolver;
import io.restpipe.pipe.Peers;
import io.restpipe.pipe.internal.access.AccessControl;
import io.restpipe.pipe.internal.access.RelayProcessor;
import io.restpipe.pipe.internal.access.RelayedPeers;
import io.restpipe.pipe.internal.connection.Connection;
import io.restpipe.pipe.internal.connection.ConnectionListener;
import io.restpipe.pipe.internal.connection.ConnectionSettings;
import io.restpipe.pipe.internal.connection.PeerText;
import io.restpipe.pipe.internal.connection.PipeConnection;
import io.restpipe.pipe.internal.connection.Role;
import io.restpipe.pipe.internal.directory.Directory;
import io.restpipe.pipe.internal.directory.DirectorySettings;
import io.restpipe.pipe.internal.dispatch.ConnectionHooks;
import io.restpipe.pipe.internal.enroll.RenewalProcessor;
import io.restpipe.pipe.internal.legacy.V1Connection;
import io.restpipe.pipe.internal.legacy.V1Settings;
import io.restpipe.pipe.internal.link.LinkSecurity;
import io.restpipe.pipe.internal.tls.TlsContexts;
import io.restpipe.pipe.internal.tls.TlsPeer;
import io.restpipe.pipe.internal.transport.Transport;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.pipe.internal.wire.Hello;
import io.restpipe.security.Enrollment;
import io.restpipe.security.NodeRole;
import io.restpipe.security.SecurityLog;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What both kinds of node are made of, started in order and stopped in reverse. */
final class NodeParts {

  private static final Logger LOG = LoggerFactory.getLogger(NodeParts.class);

  private static final int MAX_WAITING = 10_000;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
  private static final long LOOK_AGAIN_NANOS = 5_000_000;

  private final NodeBuilder<?> settings;
  private final Transport transport;
  private final NodeMetrics metrics;
  private final NodeSecurity security;
  private final NodeIdentity identity;
  private final PeerCertificates peers;
  private final IdentityReload reload;
  private final Directory directory;
  private final NodeState state;
  private final ConnectionSettings connections;
  private final AccessControl access;
  private final Peers callable;
  private final AtomicBoolean closing = new AtomicBoolean();

  private @Nullable Enrollment enrollment;
  private @Nullable Handling handling;
  private final List<Gateway> gateways = new CopyOnWriteArrayList<>();

  NodeParts(
      NodeBuilder<?> settings,
      NodeRole role,
      DirectorySettings directory,
      Supplier<Optional<String>> problem,
      Consumer<Connection> expired) {
    this.settings = settings;
    this.metrics = settings.metrics;
    this.identity =
        new NodeIdentity(
            role,
            settings.identity,
            IdentityReload.first(settings.revocationLists, settings.identity, settings.revocations),
            settings.tlsPolicy());
    this.state = new NodeState(identity, metrics, problem);
    this.connections =
        ConnectionSettings.defaults()
            .withHeartbeat(settings.heartbeatInterval, settings.heartbeatTimeoutOrDefault());
    warnOfOldTls();
    this.transport = Transport.acquire();
    this.security = NodeSecurity.of(settings.securityLog);
    this.directory =
        new Directory(directory, transport.group(), transport.blocking(), security.log());
    this.access = new AccessControl(role, state.name(), settings.authorizer, security.log());
    if (settings.authorizer != null) {
      this.directory.rule(access);
    }
    this.callable =
        role == NodeRole.SERVER
            ? this.directory
            : new RelayedPeers(this.directory, ClientNode.SERVER);
    metrics.gauge("pipe.connection.count", this.directory::count);
    this.peers =
        new PeerCertificates(() -> identity.current().revocations(), security.log(), expired);
    this.directory.expiry(connection -> peers.notAfter(connection).orElse(null));
    this.reload =
        new IdentityReload(
            identity,
            settings.identityFiles,
            settings.identityPassphrase,
            settings.revocationLists,
            settings.revocations,
            security.log());
    identity.onChange(now -> peers.cutRevoked());
  }

  private void warnOfOldTls() {
    if (settings.tlsPolicy().allowsOldTls()) {
      LOG.warn(
          "connections of version 1 may use {}: versions of TLS before 1.2 are not safe, and those"
              + " who listen in may read and change what such connections carry",
          settings.tlsPolicy().legacyVersions());
    }
  }

  /** From now on the identity follows its files. */
  void watchIdentity() {
    LOG.info("{} {}: {}", identity.role(), identity.name(), engine());
    state.expiry().start(transport.group());
    reload.start(transport.group(), transport.blocking());
  }

  static DirectorySettings directorySettings(
      NodeBuilder<?> settings,
      Set<String> groups,
      @Nullable HostnameResolver resolver,
      int maxConnections) {
    return new DirectorySettings(
        settings.eventTimeout,
        settings.peerWait,
        settings.heartbeatInterval,
        groups,
        resolver,
        MAX_WAITING,
        maxConnections);
  }

  /** Gets ready to answer events. */
  void handle(EventHandler handler) {
    handling =
        Handling.of(
            handler,
            settings.registrations,
            state.name(),
            metrics,
            state.role() == NodeStatus.Role.SERVER
                ? next -> new RelayProcessor(directory, next)
                : next -> next,
            access);
  }

  /** Opens the gateways, if there are to be any. */
  void openGateway() {
    if (settings.gateways.isEmpty()) {
      return;
    }
    try {
      GatewayOptions options = gatewayOptions();
      for (GatewayListener listener : settings.gateways) {
        listener.requireSafe(settings.dev);
        gateways.add(Gateway.start(transport.group(), listener, options, callable, state));
      }
    } catch (IOException | IllegalArgumentException refused) {
      throw new NodeStartException(String.valueOf(refused.getMessage()), refused);
    }
  }

  private GatewayOptions gatewayOptions() {
    GatewayOptions.Builder options =
        GatewayOptions.builder()
            .eventTimeout(settings.eventTimeout)
            .legacyStatus(settings.legacyStatus)
            .showTracebacks(settings.showTracebacks)
            .accessLog(settings.accessLog)
            .metrics(metrics)
            .securityLog(security.log())
            .revocations(() -> identity.current().revocations());
    settings.endpoints.forEach(options::endpoint);
    return options.build();
  }

  /**
   * @param succeeds whether an older connection of this process is up, and is to finish
   */
  PipeConnection connection(
      Role role, long epoch, boolean succeeds, TlsPeer peer, ConnectionListener listener) {
    Hello ours =
        connections.hello(
            settings.instance, epoch, Version.software(), List.of(), Map.of(), List.of());
    Hello plain = role == Role.ACCEPTOR ? ours.with(Hello.RELAY) : ours;
    var connection =
        new PipeConnection(
            connections,
            role,
            succeeds ? plain.succeeding() : plain,
            peer.name(),
            processor(peer),
            peers.watch(peer, listener),
            metrics);
    peers.add(connection, peer);
    return connection;
  }

  /** A connection to a node of version 1. */
  Connection legacyConnection(
      Role role,
      long epoch,
      Duration heartbeatInterval,
      Duration heartbeatTimeout,
      TlsPeer peer,
      ConnectionListener listener) {
    var legacy =
        new V1Settings(
            settings.legacyMaxBody,
            connections.maxStreams(),
            connections.maxWaiting(),
            settings.eventTimeout,
            heartbeatInterval,
            heartbeatTimeout,
            connections.writeTimeout(),
            transport.blocking());
    var connection =
        new V1Connection(
            legacy,
            role,
            epoch,
            peer.name(),
            processor(peer),
            peers.watch(peer, listener),
            metrics);
    peers.add(connection, peer);
    return connection;
  }

  private EventProcessor processor(TlsPeer peer) {
    EventProcessor processor = handling().processor();
    return enrollment == null
        ? processor
        : new RenewalProcessor(
            enrollment, peer.certificate(), transport.blocking(), security.log(), processor);
  }

  /** Who gives certificates to peers; before the first connection, or never. */
  void enroll(Enrollment by) {
    enrollment = by;
  }

  private Handling handling() {
    if (handling == null) {
      throw new IllegalStateException("the node has not started");
    }
    return handling;
  }

  /** Tells the handler of a connection; what comes back is told when it is gone. */
  ConnectionHooks.Link started(PeerInfo peer) {
    return handling().hooks().started(peer);
  }

  /** Why a connection has ended, for people. */
  static String why(@Nullable GoAway received, @Nullable Throwable cause) {
    if (received != null) {
      return "the peer says " + received.reason() + ": " + received.text();
    }
    if (cause == null) {
      return "the connection was closed";
    }
    String message = String.valueOf(cause.getMessage());
    return message.contains("reset by peer")
        ? "the connection was reset"
        : PeerText.oneLine(message);
  }

  /** Where whatever the node is made of tells what matters to security; never waits. */
  SecurityLog security() {
    return security.log();
  }

  /** The same for what happens to connections. */
  LinkSecurity linkSecurity() {
    return new LinkSecurity(security.log());
  }

  /** The node runs: tells the security log so. */
  void started(String where) {
    security.started(
        state.role().name().toLowerCase(Locale.ROOT)
            + ", "
            + where
            + gatewayAddress().map(address -> ", gateway " + address).orElse(""));
  }

  Transport transport() {
    return transport;
  }

  NodeMetrics metrics() {
    return metrics;
  }

  TlsContexts tls() {
    return identity.tls();
  }

  /** Whether a peer that is connected now would not be trusted any more. */
  boolean forgetsPeers(List<X509Certificate> trustAnchors, NodeRole peer) {
    return peers.forgotten(trustAnchors, peer);
  }

  NodeIdentity identity() {
    return identity;
  }

  /** Reads the identity's files and the lists of revoked certificates again. */
  boolean reloadIdentity() {
    boolean good = reload.reload();
    peers.cutRevoked();
    return good;
  }

  /** Whom this node can call. */
  Peers peers() {
    return callable;
  }

  Directory directory() {
    return directory;
  }

  Optional<String> gatewayAddress() {
    return gateways.isEmpty() ? Optional.empty() : Optional.of(gateways.get(0).address());
  }

  /** Where all gateways listen, in the order in which they were asked for. */
  List<String> gatewayAddresses() {
    return gateways.stream().map(Gateway::address).toList();
  }

  /** What carries the bytes, for people. */
  String engine() {
    return "TLS by " + tls().engine().description() + ", " + transport.name();
  }

  /** Drains and ends everything, in three steps; blocks until done. Once. */
  void close(Runnable stopConnecting, GoAway farewell) {
    if (transport.onLoop()) {
      throw new IllegalStateException(
          "close() waits for the event loops, and this is one of their threads: close the node on"
              + " another thread");
    }
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    state.drain();
    pause(settings.gracefulShutdownInterval);
    gateways.forEach(Gateway::refuse);
    stopConnecting.run();
    long deadline = System.nanoTime() + settings.hardShutdownInterval.toNanos();
    Collection<Connection> live = directory.connections();
    directory.drain(farewell);
    gateways.forEach(gateway -> gateway.close(remaining(deadline)));
    directory.close();
    awaitNone(live, deadline);
    live.forEach(connection -> connection.close(farewell));
    awaitNone(live, System.nanoTime() + CLOSE_TIMEOUT.toNanos());
    awaitTold();
    security.stopped();
    end();
  }

  /** Ends what a start that failed half-way has begun. */
  void abandon() {
    if (closing.compareAndSet(false, true)) {
      directory.drain(
          new GoAway(0, GoAway.Reason.DRAINING, "the node did not start", 0, 0, List.of()));
      gateways.forEach(gateway -> gateway.close(Duration.ZERO));
      directory.close();
      end();
    }
  }

  private void end() {
    reload.close();
    state.expiry().close();
    if (handling != null) {
      handling.close();
    }
    security.close();
    transport.release();
  }

  /** A connection is gone from the directory before its end is told. */
  private void awaitTold() {
    try {
      if (!transport.settle(CLOSE_TIMEOUT)) {
        LOG.warn("event loops are busy: the end of connections may not be told");
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration remaining(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  private static void pause(Duration interval) {
    awaitUntil(() -> false, System.nanoTime() + interval.toNanos());
  }

  private static void awaitNone(Collection<Connection> connections, long deadline) {
    awaitUntil(connections::isEmpty, deadline);
  }

  /** Looks again and again: draining is seldom, and its end has many causes. */
  private static void awaitUntil(BooleanSupplier done, long deadline) {
    while (!done.getAsBoolean()) {
      long left = deadline - System.nanoTime();
      if (left <= 0 || Thread.currentThread().isInterrupted()) {
        return;
      }
      LockSupport.parkNanos(Math.min(left, LOOK_AGAIN_NANOS));
    }
  }
}
