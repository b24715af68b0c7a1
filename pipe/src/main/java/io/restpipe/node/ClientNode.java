package io.restpipe.node;

import io.restpipe.event.ClientEventHandler;
import io.restpipe.event.PeerInfo;
import io.restpipe.pipe.ClientListener;
import io.restpipe.pipe.Peer;
import io.restpipe.pipe.Peers;
import io.restpipe.pipe.internal.connection.Connection;
import io.restpipe.pipe.internal.connection.ConnectionListener;
import io.restpipe.pipe.internal.connection.Role;
import io.restpipe.pipe.internal.dispatch.ConnectionHooks;
import io.restpipe.pipe.internal.enroll.JoinClient;
import io.restpipe.pipe.internal.link.DialListener;
import io.restpipe.pipe.internal.link.DialTarget;
import io.restpipe.pipe.internal.link.Dialer;
import io.restpipe.pipe.internal.tls.TlsPeer;
import io.restpipe.pipe.internal.tls.TlsPolicy;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.security.EnrollmentException;
import io.restpipe.security.Identity;
import io.restpipe.security.IdentityException;
import io.restpipe.security.JoinLine;
import io.restpipe.security.NodeRole;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node that dials a server and stays connected, whatever the network does. Any thread.
 *
 * <pre>{@code
 * try (ClientNode client = ClientNode.builder(identity).server("pipe.example", 1234).start()) {
 *   Reply reply = client.server().get("time").get(5, SECONDS);
 * }
 * }</pre>
 */
public final class ClientNode implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ClientNode.class);

  /** The name of the one peer that a client has. */
  static final String SERVER = "server";

  private final NodeParts parts;
  private final Dialer dialer;
  private final DialTarget target;
  private final Duration heartbeatInterval;
  private final Duration heartbeatTimeout;
  private final List<ClientListener> listeners;
  private final InTurn inTurn;
  private final CompletableFuture<PeerInfo> firstConnected = new CompletableFuture<>();

  /** Since when there is no connection; null while there is one. */
  private volatile @Nullable Instant apartSince = Instant.now();

  /** Null where nobody would keep what it gets. */
  private final @Nullable Renewal renewal;

  /** The certificate that new connections show. */
  private volatile X509Certificate connectedAs;

  private ClientNode(Builder builder) {
    this.target = builder.target;
    this.heartbeatInterval = builder.heartbeatInterval;
    this.heartbeatTimeout = builder.heartbeatTimeoutOrDefault();
    this.listeners = List.copyOf(builder.listeners);
    this.connectedAs = builder.identity.certificate();
    this.parts =
        new NodeParts(
            builder,
            NodeRole.CLIENT,
            NodeParts.directorySettings(builder, Set.of(), null, 1_000),
            this::problem,
            this::expired);
    this.inTurn = new InTurn(parts.transport().blocking());
    parts.directory().know(SERVER);
    try {
      parts.handle(builder.handler == null ? new ClientEventHandler() : builder.handler);
      parts.openGateway();
    } catch (RuntimeException failure) {
      parts.abandon();
      throw failure;
    }
    this.dialer =
        new Dialer(
            parts.transport().dialing(parts.transport().group().next()),
            target,
            parts::tls,
            this::connection,
            new Progress(),
            parts.linkSecurity(),
            parts.transport().blocking(),
            parts.metrics());
    parts.started("server " + target);
    dialer.start();
    parts.identity().onChange(this::identityChanged);
    parts.watchIdentity();
    this.renewal = renewal(builder);
    if (renewal != null) {
      renewal.start();
    }
  }

  private @Nullable Renewal renewal(Builder builder) {
    if (builder.identityFiles == null && builder.renewed == null) {
      return null;
    }
    var keeper = new IdentityKeeper(builder, parts);
    return new Renewal(
        parts.identity(),
        keeper.since(),
        server(),
        keeper,
        parts.security(),
        parts.transport().group(),
        parts.transport().blocking());
  }

  private Optional<String> problem() {
    Instant since = apartSince;
    return since == null
        ? Optional.empty()
        : Optional.of("not connected to the server " + target + " since " + since);
  }

  private Connection connection(
      TlsPeer server, boolean legacy, long epoch, boolean succeeds, ConnectionListener listener) {
    return legacy
        ? parts.legacyConnection(
            Role.DIALER, epoch, heartbeatInterval, heartbeatTimeout, server, listener)
        : parts.connection(Role.DIALER, epoch, succeeds, server, listener);
  }

  /** The server may have a newer certificate by now: what it shows to new connections tells. */
  private void expired(Connection connection) {
    LOG.info(
        "[{}] the server's certificate has expired, connecting anew", connection.peer().name());
    dialer.renew(
        failed -> {
          LOG.warn("no new connection: {}", failed);
          connection.drain(
              new GoAway(
                  0, GoAway.Reason.DRAINING, "your certificate has expired", 0, 0, List.of()));
        });
  }

  /** What the client proves itself with now, and whom it trusts. */
  public Identity identity() {
    return parts.identity().current().identity();
  }

  /**
   * Takes over another identity. The client connects anew with it beside the connection that is up,
   * and moves over; what runs on the old one is finished.
   *
   * @throws IdentityException if a client can't work with it, or its name is another one; the old
   *     identity stays then
   */
  public void identity(Identity next) {
    parts.identity().take(next);
  }

  /**
   * Reads the identity's files and the lists of revoked certificates again, as when they change,
   * and leaves a server that is revoked by now. Blocks for as long as files are read.
   *
   * @return false if they can't be used: all stays as it was, and the log says why
   */
  public boolean reloadIdentity() {
    return parts.reloadIdentity();
  }

  /** Takes the identity into use that the connection does not have yet. */
  private void identityChanged(NodeIdentity.Current now) {
    X509Certificate certificate = now.identity().certificate();
    if (!certificate.equals(connectedAs)) {
      connectedAs = certificate;
      dialer.renew(failed -> LOG.warn("not connected with the new certificate yet: {}", failed));
    }
  }

  /**
   * Makes a key on this machine and gets a certificate for it from the server that a join line
   * names. Blocks.
   *
   * @param timeout for all of it
   * @throws EnrollmentException if the server refuses, with the reason
   * @throws IOException with a sentence, if the server can't be reached, or is not the line's
   */
  public static Identity join(JoinLine line, Duration timeout)
      throws EnrollmentException, IOException {
    return new JoinClient(line, timeout).join();
  }

  /** Starts to describe a client with that identity. */
  public static Builder builder(Identity identity) {
    return new Builder(identity);
  }

  /** The server, connected or not. */
  public Peer server() {
    return parts.directory().peer(SERVER);
  }

  /**
   * The server by the name {@code server}; by any other name the client that the server passes on
   * to, where its policy allows.
   */
  public Peers peers() {
    return parts.peers();
  }

  /**
   * {@code http://HOST:PORT}, {@code https://HOST:PORT} or {@code unix:PATH} of the first gateway;
   * absent without one.
   */
  public Optional<String> gatewayAddress() {
    return parts.gatewayAddress();
  }

  /** As {@link #gatewayAddress}, of all gateways in the order in which they were asked for. */
  public List<String> gatewayAddresses() {
    return parts.gatewayAddresses();
  }

  /** The TLS engine and event loops in use, for people. */
  public String engine() {
    return parts.engine();
  }

  /**
   * Waits until the client has been connected for the first time.
   *
   * @throws TimeoutException if that takes longer; the client goes on trying
   */
  public PeerInfo awaitConnected(Duration timeout) throws TimeoutException, InterruptedException {
    try {
      return firstConnected.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException closed) {
      throw new IllegalStateException("the client is closed", closed.getCause());
    }
  }

  /**
   * Drains: the heartbeat page turns 503, then new requests are refused and the server is told,
   * then what runs has {@code hardShutdownInterval} to finish. Blocks until done; a second call
   * does nothing.
   *
   * @throws IllegalStateException on an event loop (in a non-blocking handler, a completion
   *     callback), which cannot wait for itself
   */
  @Override
  public void close() {
    parts.close(
        () -> {
          if (renewal != null) {
            renewal.close();
          }
          dialer.stop();
          firstConnected.completeExceptionally(new IllegalStateException("the client is closed"));
        },
        new GoAway(0, GoAway.Reason.DRAINING, "the client is shutting down", 0, 0, List.of()));
  }

  private void tell(Consumer<ClientListener> news) {
    for (ClientListener listener : listeners) {
      inTurn.execute(() -> news.accept(listener));
    }
  }

  /** What becomes of dialing. */
  private final class Progress implements DialListener {

    /** An old connection may still finish what it runs while the next one is up. */
    private final Map<Connection, ConnectionHooks.Link> links = new ConcurrentHashMap<>();

    private volatile int lastProtocol;

    @Override
    public void connected(
        Connection connection, int failedAttempts, @Nullable Instant lastDisconnected) {
      PeerInfo server = connection.peer();
      parts
          .directory()
          .admit(
              SERVER,
              connection,
              () -> {
                apartSince = null;
                tellOfVersion(server);
                LOG.info(
                    "[{}] connected to {} with version {} of the protocol{}",
                    server.name(),
                    target,
                    server.protocol(),
                    failedAttempts == 0 ? "" : ", failed attempts before: " + failedAttempts);
                links.put(connection, parts.started(server));
                parts.linkSecurity().connected(server);
                firstConnected.complete(server);
                tell(listener -> listener.connectSuccess(server, failedAttempts, lastDisconnected));
              });
    }

    /** Once, and again when the server has changed. */
    private void tellOfVersion(PeerInfo server) {
      if (lastProtocol != server.protocol() && server.protocol() == 1) {
        LOG.warn(
            "[{}] the server is of version 1 (RestPipe 0.2.11), which serves one client at a time;"
                + " docs/compatibility.md lists what it cannot do",
            server.name());
      }
      lastProtocol = server.protocol();
    }

    @Override
    public void disconnected(Connection connection, String cause) {
      if (parts.directory().remove(SERVER, connection)) {
        LOG.info("[{}] disconnected: {}", connection.peer().name(), cause);
        parts.linkSecurity().disconnected(connection.peer(), cause);
        ConnectionHooks.Link link = links.remove(connection);
        if (link != null) {
          link.stopped();
        }
        if (parts.directory().count() == 0) {
          apartSince = Instant.now();
        }
      }
    }

    @Override
    public void failed(String why, int failedAttempts, @Nullable Instant lastDisconnected) {
      String cause = explained(why);
      LOG.warn("attempt {} failed: {}", failedAttempts, cause);
      tell(listener -> listener.connectFail(cause, failedAttempts, lastDisconnected));
    }
  }

  /** The server can only say what is wrong with our certificate; which one it is, is known here. */
  private String explained(String cause) {
    return cause.contains("refuses our certificate")
        ? cause + "; ours: " + ExpiryWords.of(identity().certificate(), Instant.now())
        : cause;
  }

  /** Describes a client. Not thread-safe. */
  public static final class Builder extends NodeBuilder<Builder> {

    private DialTarget target = new DialTarget("localhost", 1234);
    private @Nullable ClientEventHandler handler;
    private final List<ClientListener> listeners = new ArrayList<>();
    @Nullable Consumer<Identity> renewed;
    private ClientProtocol protocol = ClientProtocol.AUTO;
    private @Nullable String serverName;
    private boolean verifyServerName = true;

    private Builder(Identity identity) {
      super(identity);
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * The server to dial; its certificate must be for that host. Default: localhost, port 1234.
     *
     * @throws IllegalArgumentException if the host is empty or the port is not 1 to 65535
     */
    public Builder server(String host, int port) {
      this.target = new DialTarget(host, port);
      return this;
    }

    /** Answers events from the server. Default: only what {@code on} registers. */
    public Builder handler(ClientEventHandler handler) {
      this.handler = handler;
      return this;
    }

    /** Is told when the server is reached or not; may be called more than once. Default: none. */
    public Builder listener(ClientListener listener) {
      listeners.add(listener);
      return this;
    }

    /**
     * Is given each identity that the client gets in the place of one that is about to expire, to
     * keep it; may block. With this or {@code identityFiles} a client renews its certificate when
     * two thirds of its life are over, if the server gives certificates. Default: only the files
     * are written; without files, nothing is renewed.
     */
    public Builder renewed(Consumer<Identity> keeper) {
      this.renewed = keeper;
      return this;
    }

    /** Which version of the protocol to speak. Default: what the server knows. */
    public Builder protocol(ClientProtocol protocol) {
      this.protocol = protocol;
      return this;
    }

    /**
     * The name that the server's certificate must be for, where that is not the host to dial: a DNS
     * name or IP address among its alternative names, or its common name if it has none. Default:
     * the host.
     */
    public Builder serverName(String name) {
      this.serverName = name;
      return this;
    }

    /**
     * Whether the server's certificate must be for the host, or the name given in its place.
     * Without it, whoever has any certificate of the authority that is good for a server can pass
     * for the server. Default: yes.
     */
    public Builder verifyServerName(boolean verify) {
      this.verifyServerName = verify;
      return this;
    }

    @Override
    TlsPolicy tlsPolicy() {
      TlsPolicy.Offer offer =
          switch (protocol) {
            case AUTO -> TlsPolicy.Offer.PIPE_OR_LEGACY;
            case V1 -> TlsPolicy.Offer.LEGACY;
            case V2 -> TlsPolicy.Offer.PIPE;
          };
      return new TlsPolicy(false, offer, legacyTlsVersions, verifyServerName, serverName);
    }

    /**
     * Starts, and connects in the background.
     *
     * @throws NodeStartException with a sentence that names the cause and the remedy
     */
    public ClientNode start() {
      return new ClientNode(this);
    }
  }
}
