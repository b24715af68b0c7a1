package io.restpipe.node;

import io.restpipe.event.EventFunction;
import io.restpipe.event.EventHandler;
import io.restpipe.event.Verb;
import io.restpipe.gateway.GatewayListener;
import io.restpipe.metrics.NodeMetrics;
import io.restpipe.pipe.internal.tls.TlsPolicy;
import io.restpipe.security.Authorizer;
import io.restpipe.security.HttpEndpoint;
import io.restpipe.security.Identity;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.PassphraseSource;
import io.restpipe.security.Revocations;
import io.restpipe.security.SecurityLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What both kinds of node can be told; each setting has a default. Not thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract sealed class NodeBuilder<B extends NodeBuilder<B>>
    permits ServerNode.Builder, ClientNode.Builder {

  private static final Duration SHORTEST_HEARTBEAT = Duration.ofMillis(50);

  private static final int LARGEST_LEGACY_BODY = 1024 * 1024 * 1024;

  final Identity identity;
  final List<EventHandler.Registration> registrations = new ArrayList<>();
  final List<GatewayListener> gateways = new ArrayList<>();
  final Map<String, HttpEndpoint> endpoints = new LinkedHashMap<>();
  boolean dev;
  boolean accessLog = true;
  boolean legacyStatus;
  boolean showTracebacks;
  NodeMetrics metrics = new NodeMetrics();
  SecurityLog securityLog = SecurityLog.NONE;
  @Nullable IdentityFiles identityFiles;
  PassphraseSource identityPassphrase = PassphraseSource.NONE;
  final List<Path> revocationLists = new ArrayList<>();
  Revocations revocations = Revocations.NONE;
  String instance = UUID.randomUUID().toString();
  Duration eventTimeout = Duration.ofSeconds(30);
  Duration peerWait = Duration.ofSeconds(20);
  Duration heartbeatInterval = Duration.ofSeconds(5);
  @Nullable Duration heartbeatTimeout;
  @Nullable Authorizer authorizer;
  Duration gracefulShutdownInterval = Duration.ZERO;
  Duration hardShutdownInterval = Duration.ofSeconds(10);
  int legacyMaxBody = 16 * 1024 * 1024;
  List<String> legacyTlsVersions = List.of("TLSv1.2");

  NodeBuilder(Identity identity) {
    this.identity = identity;
  }

  abstract B self();

  /**
   * Opens an HTTP gateway at {@code HOST:PORT} or {@code unix:PATH} that asks nobody who they are;
   * port 0 takes a free one. Default: no gateway.
   *
   * @throws IllegalArgumentException if the address is malformed
   */
  public B gateway(String address) {
    return gateway(GatewayListener.at(address).build());
  }

  /** Opens a gateway, beside others if it is called more than once. Default: none. */
  public B gateway(GatewayListener listener) {
    gateways.add(listener);
    return self();
  }

  /**
   * Answers a path of all gateways, and everything beneath it, by something that is no event: a
   * login service for example. Default: none.
   *
   * @param path for example {@code /auth}
   */
  public B endpoint(String path, HttpEndpoint endpoint) {
    endpoints.put(path, endpoint);
    return self();
  }

  /**
   * Development mode: allows a gateway on an address that others can reach, without authentication.
   * Default: false, and such a gateway is refused.
   */
  public B dev(boolean dev) {
    this.dev = dev;
    return self();
  }

  /**
   * Decides who may call what: asked for each call that comes in over the pipe and for each that is
   * sent, whether a handler, this program or a caller of the gateway is behind it. Default: none;
   * everything may be called, but nothing from client to client.
   */
  public B authorizer(Authorizer authorizer) {
    this.authorizer = authorizer;
    return self();
  }

  /** Answers a verb and noun by a function that may block. Beside the handler's methods. */
  public B on(Verb verb, String noun, EventFunction function) {
    registrations.add(new EventHandler.Registration(verb, noun, function, false));
    return self();
  }

  /** Answers a verb and noun by a function that never blocks, on the event loop itself. */
  public B onNonBlocking(Verb verb, String noun, EventFunction function) {
    registrations.add(new EventHandler.Registration(verb, noun, function, true));
    return self();
  }

  /** Where the node's meters live. Default: meters of its own, shown at {@code /metrics} only. */
  public B metrics(NodeMetrics metrics) {
    this.metrics = metrics;
    return self();
  }

  /**
   * Where the node tells what matters to security: who connects, who is refused and why, what is
   * denied, which limits are hit. It is called on a thread of its own and may wait: the node goes
   * on, keeps up to 8,192 events, and tells how many it lost. Closing the node waits up to five
   * seconds for it, and does not close it. Default: nowhere.
   */
  public B securityLog(SecurityLog log) {
    this.securityLog = log;
    return self();
  }

  /**
   * Where the identity came from: when these files change, the node takes over what they hold, for
   * new connections; a client moves its connection over, too. Files that a node can't work with
   * change nothing, and are warned of. Default: the node keeps its identity.
   */
  public B identityFiles(IdentityFiles files) {
    return identityFiles(files, PassphraseSource.NONE);
  }

  /** The same, where the private key may be encrypted. */
  public B identityFiles(IdentityFiles files, PassphraseSource passphrases) {
    this.identityFiles = files;
    this.identityPassphrase = passphrases;
    return self();
  }

  /**
   * Adds a file with lists of revoked certificates (CRL, PEM or DER). Peers on a list are refused;
   * those that are connected are cut off. It is read again when it changes; it may come later, but
   * must not vanish. Default: none.
   */
  public B revocationList(Path file) {
    revocationLists.add(file);
    return self();
  }

  /**
   * Who else is revoked, such as by an authority's own store. Asked on event loops. After something
   * changes there, {@code reloadIdentity} of the node cuts off who is connected. Default: nobody.
   */
  public B revocations(Revocations revocations) {
    this.revocations = revocations;
    return self();
  }

  /** Names this process among those with the same certificate. Default: a random name. */
  public B instance(String instance) {
    this.instance = instance;
    return self();
  }

  /**
   * How long an event waits for its reply where its sender says nothing; a caller of the gateway
   * may shorten it. Default: 30 seconds.
   */
  public B eventTimeout(Duration timeout) {
    this.eventTimeout = positive("event timeout", timeout);
    return self();
  }

  /** How long an event waits for a peer that is not connected. Default: 20 seconds. */
  public B peerWait(Duration wait) {
    this.peerWait = notNegative("peer wait", wait);
    return self();
  }

  /** After how much silence the peer is asked for a sign of life. Default: 5 seconds. */
  public B heartbeatInterval(Duration interval) {
    if (interval.compareTo(SHORTEST_HEARTBEAT) < 0) {
      throw new IllegalArgumentException("heartbeat interval must be at least 50 ms: " + interval);
    }
    this.heartbeatInterval = interval;
    return self();
  }

  /** After how much silence the peer counts as dead. Default: twice the heartbeat interval. */
  public B heartbeatTimeout(Duration timeout) {
    this.heartbeatTimeout = positive("heartbeat timeout", timeout);
    return self();
  }

  /**
   * On {@code close}: how long the heartbeat page says 503 before new requests are refused, so that
   * a load balancer looks away first. Default: zero.
   */
  public B gracefulShutdownInterval(Duration interval) {
    this.gracefulShutdownInterval = notNegative("graceful shutdown interval", interval);
    return self();
  }

  /** On {@code close}: how long what runs may take to finish. Default: 10 seconds. */
  public B hardShutdownInterval(Duration interval) {
    this.hardShutdownInterval = notNegative("hard shutdown interval", interval);
    return self();
  }

  /**
   * Whether the gateway answers 200 where a handler failed or is missing, as v1 did. Default: no.
   */
  public B legacyStatus(boolean legacyStatus) {
    this.legacyStatus = legacyStatus;
    return self();
  }

  /** Whether callers that are not on this machine see stack traces. Default: no. */
  public B showTracebacks(boolean showTracebacks) {
    this.showTracebacks = showTracebacks;
    return self();
  }

  /** Whether the gateway logs each request to {@code io.restpipe.access}. Default: yes. */
  public B accessLog(boolean accessLog) {
    this.accessLog = accessLog;
    return self();
  }

  /**
   * The most bytes in the body of an event or a reply between this node and one of version 1
   * (RestPipe 0.2.11), which cannot stream: both ends hold it in memory. Default: 16 MiB.
   *
   * @throws IllegalArgumentException if it is not 1 to 1,073,741,824
   */
  public B legacyMaxBody(int bytes) {
    if (bytes < 1 || bytes > LARGEST_LEGACY_BODY) {
      throw new IllegalArgumentException(
          "legacy max body must be 1 to " + LARGEST_LEGACY_BODY + " bytes: " + bytes);
    }
    this.legacyMaxBody = bytes;
    return self();
  }

  /**
   * The versions of TLS that connections to nodes of version 1 may have: some of {@code TLSv1.2},
   * {@code TLSv1.1}, {@code TLSv1}. The two older ones are not safe, and the JDK's own TLS engine
   * does not know them any more. Default: TLSv1.2.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  public B legacyTlsVersions(List<String> versions) {
    this.legacyTlsVersions =
        new TlsPolicy(false, TlsPolicy.Offer.PIPE, versions, true, null).legacyVersions();
    return self();
  }

  /** What TLS is to allow. */
  abstract TlsPolicy tlsPolicy();

  Duration heartbeatTimeoutOrDefault() {
    if (heartbeatTimeout == null) {
      return heartbeatInterval.multipliedBy(2);
    }
    if (heartbeatTimeout.compareTo(heartbeatInterval) <= 0) {
      throw new NodeStartException(
          "the heartbeat timeout ("
              + heartbeatTimeout.toMillis()
              + " ms) must be longer than the heartbeat interval ("
              + heartbeatInterval.toMillis()
              + " ms): a peer has to be asked before it can be found dead");
    }
    return heartbeatTimeout;
  }

  static Duration positive(String what, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(what + " must be positive: " + value);
    }
    return value;
  }

  private static Duration notNegative(String what, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(what + " must not be negative: " + value);
    }
    return value;
  }
}
