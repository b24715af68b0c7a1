package io.restpipe.node;

import io.restpipe.event.ServerEventHandler;
import io.restpipe.pipe.HostnameResolver;
import io.restpipe.pipe.Peer;
import io.restpipe.pipe.Peers;
import io.restpipe.pipe.ServerListener;
import io.restpipe.pipe.internal.connection.Connection;
import io.restpipe.pipe.internal.connection.ConnectionListener;
import io.restpipe.pipe.internal.connection.Role;
import io.restpipe.pipe.internal.directory.DirectorySettings;
import io.restpipe.pipe.internal.directory.KnownNames;
import io.restpipe.pipe.internal.dispatch.ConnectionHooks;
import io.restpipe.pipe.internal.enroll.CheckPort;
import io.restpipe.pipe.internal.enroll.JoinPort;
import io.restpipe.pipe.internal.link.Acceptor;
import io.restpipe.pipe.internal.link.LinkSecurity;
import io.restpipe.pipe.internal.tls.PortProtocol;
import io.restpipe.pipe.internal.tls.TlsPeer;
import io.restpipe.pipe.internal.tls.TlsPolicy;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.pipe.internal.wire.Hello;
import io.restpipe.pipe.internal.wire.ProtocolException;
import io.restpipe.security.Enrollment;
import io.restpipe.security.Identity;
import io.restpipe.security.IdentityException;
import io.restpipe.security.NodeRole;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The node that clients dial. Any thread.
 *
 * <pre>{@code
 * try (ServerNode server = ServerNode.builder(identity).bind("0.0.0.0", 1234).start()) {
 *   Reply reply = server.peer("fileserver").get("time").get(5, SECONDS);
 * }
 * }</pre>
 */
public final class ServerNode implements AutoCloseable {

  private static final int CLIENTS_BACK_PER_SECOND = 200;
  private static final int SOONEST_RETURN_MILLIS = 100;

  private final NodeParts parts;
  private final Acceptor acceptor;
  private final ServerEvents events;
  private final @Nullable KnownNames known;
  private final @Nullable Enrollment enrollment;
  private final boolean legacy;
  private final Duration legacyHeartbeatTimeout;

  private ServerNode(Builder builder) {
    this.parts =
        new NodeParts(
            builder,
            NodeRole.SERVER,
            builder.directorySettings(),
            Optional::empty,
            ServerNode::expired);
    this.enrollment = builder.enrollment;
    this.legacy = builder.legacy;
    this.legacyHeartbeatTimeout = builder.legacyHeartbeatTimeout;
    if (enrollment != null) {
      parts.enroll(enrollment);
    }
    var inTurn = new InTurn(parts.transport().blocking());
    this.known =
        builder.knownClients == null
            ? null
            : new KnownNames(builder.knownClients, new InTurn(parts.transport().blocking()));
    if (known != null) {
      known.all().forEach(parts.directory()::know);
    }
    this.events =
        new ServerEvents(
            builder.listeners, inTurn, parts.directory()::count, parts.transport().group());
    try {
      parts.handle(builder.handler == null ? new ServerEventHandler() : builder.handler);
      this.acceptor = listen(builder.address);
      try {
        parts.openGateway();
      } catch (RuntimeException failure) {
        acceptor.close();
        throw failure;
      }
    } catch (RuntimeException failure) {
      events.close();
      parts.abandon();
      throw failure;
    }
    parts.watchIdentity();
    parts.started("pipe " + address().getHostString() + ":" + address().getPort());
  }

  private Acceptor listen(InetSocketAddress address) {
    try {
      return new Acceptor(
          parts.transport().accepting(), address, protocols(), parts.linkSecurity());
    } catch (BindException taken) {
      throw new NodeStartException(
          "cannot listen for clients on "
              + address.getHostString()
              + ":"
              + address.getPort()
              + " ("
              + taken.getMessage()
              + "); another program may have the port, or the address is not one of this machine",
          taken);
    }
  }

  /** What the port takes, in order of preference. */
  private List<PortProtocol> protocols() {
    var protocols = new ArrayList<PortProtocol>();
    protocols.add(
        PortProtocol.pipe(parts::tls, Acceptor.connecting(client -> connection(client).handler())));
    protocols.add(CheckPort.protocol(parts::tls, Version.software()));
    if (enrollment != null) {
      protocols.add(
          new JoinPort(parts::tls, enrollment, parts.transport().blocking(), parts.security())
              .protocol());
    }
    if (legacy) {
      protocols.add(
          PortProtocol.legacy(
              parts::tls, Acceptor.connecting(client -> legacyConnection(client).handler())));
    }
    return protocols;
  }

  private Connection legacyConnection(TlsPeer client) {
    return parts.legacyConnection(
        Role.ACCEPTOR,
        1,
        legacyHeartbeatTimeout.dividedBy(2),
        legacyHeartbeatTimeout,
        client,
        new Watch(client.name()));
  }

  private Connection connection(TlsPeer client) {
    return parts.connection(Role.ACCEPTOR, 1, false, client, new Watch(client.name()));
  }

  /** The client has to come back with a newer certificate; what runs is finished. */
  private static void expired(Connection connection) {
    connection.drain(
        new GoAway(0, GoAway.Reason.DRAINING, "your certificate has expired", 0, 0, List.of()));
  }

  /** Starts to describe a server with that identity. */
  public static Builder builder(Identity identity) {
    return new Builder(identity);
  }

  /** Where clients dial; the real port where 0 was asked for. */
  public InetSocketAddress address() {
    return acceptor.address();
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

  /** A client by its name, connected or not. */
  public Peer peer(String name) {
    return parts.directory().peer(name);
  }

  /** The clients. */
  public Peers peers() {
    return parts.directory();
  }

  /** What the server proves itself with now, and whom it trusts. */
  public Identity identity() {
    return parts.identity().current().identity();
  }

  /**
   * Takes over another identity, for new connections; those that are up stay.
   *
   * @throws IdentityException if a server can't work with it, or its name is another one; the old
   *     identity stays then
   */
  public void identity(Identity next) {
    parts.identity().take(next);
  }

  /**
   * Reads the identity's files and the lists of revoked certificates again, as when they change,
   * and cuts off clients that are revoked by now. Blocks for as long as files are read.
   *
   * @return false if they can't be used: all stays as it was, and the log says why
   */
  public boolean reloadIdentity() {
    return parts.reloadIdentity();
  }

  /** The TLS engine and event loops in use, for people. */
  public String engine() {
    return parts.engine();
  }

  /**
   * Drains: the heartbeat page turns 503, then new requests are refused and clients told to come
   * back later, then what runs has {@code hardShutdownInterval} to finish. Blocks until done; a
   * second call does nothing.
   *
   * @throws IllegalStateException on an event loop (in a non-blocking handler, a completion
   *     callback), which cannot wait for itself
   */
  @Override
  public void close() {
    parts.close(
        () -> {
          acceptor.close();
          events.close();
        },
        goAway());
  }

  private GoAway goAway() {
    // Spread over time, so that a restarted server is not met by all of them at once.
    int spread = 1_000 + parts.directory().count() * 1_000 / CLIENTS_BACK_PER_SECOND;
    return new GoAway(
        0,
        GoAway.Reason.DRAINING,
        "the server is shutting down",
        SOONEST_RETURN_MILLIS,
        Math.min(spread, 10_000),
        List.of());
  }

  /** Sees one connection from its greeting to its end. On its loop. */
  private final class Watch implements ConnectionListener {

    private final String name;
    private final LinkSecurity security = parts.linkSecurity();
    private ConnectionHooks.@Nullable Link link;
    private boolean ended;
    private boolean violated;

    Watch(String name) {
      this.name = name;
    }

    @Override
    public void hello(Connection connection, Hello theirs) {
      parts.directory().admit(name, connection, () -> admitted(connection));
    }

    private void admitted(Connection connection) {
      if (ended) {
        return;
      }
      connection.accept();
      if (known != null) {
        known.add(name);
      }
      link = parts.started(connection.peer());
      events.added(connection.peer());
      security.connected(connection.peer());
    }

    @Override
    public void goAway(Connection connection, GoAway goAway) {}

    @Override
    public void violated(Connection connection, ProtocolException violation) {
      violated = true;
      security.violated(connection.peer(), violation);
    }

    @Override
    public void limitHit(Connection connection, String limit) {
      security.limitHit(connection.peer(), limit);
    }

    @Override
    public void closed(
        Connection connection, @Nullable GoAway received, @Nullable Throwable cause) {
      ended = true;
      parts.directory().remove(name, connection);
      if (link != null) {
        link.stopped();
        String why = NodeParts.why(received, cause);
        events.removed(connection.peer(), why);
        security.disconnected(connection.peer(), why);
      } else if (cause instanceof ProtocolException late && !violated) {
        security.refused(connection.peer(), String.valueOf(late.getMessage()));
      }
    }
  }

  /** Describes a server. Not thread-safe. */
  public static final class Builder extends NodeBuilder<Builder> {

    private InetSocketAddress address = new InetSocketAddress("0.0.0.0", 1234);
    private @Nullable ServerEventHandler handler;
    private final List<ServerListener> listeners = new ArrayList<>();
    private HostnameResolver resolver = HostnameResolver.system();
    private final Set<String> groups = new HashSet<>();
    private int maxConnections = 100_000;
    private @Nullable Path knownClients;
    private @Nullable Enrollment enrollment;
    private boolean legacy = true;
    private Duration legacyHeartbeatTimeout = Duration.ofSeconds(10);

    private Builder(Identity identity) {
      super(identity);
    }

    @Override
    Builder self() {
      return this;
    }

    /** Where to listen for clients; port 0 takes a free one. Default: 0.0.0.0, port 1234. */
    public Builder bind(String host, int port) {
      this.address = new InetSocketAddress(host, port);
      return this;
    }

    /** Answers events from clients. Default: only what {@code on} registers. */
    public Builder handler(ServerEventHandler handler) {
      this.handler = handler;
      return this;
    }

    /** Is told when clients come and go; may be called more than once. Default: none. */
    public Builder listener(ServerListener listener) {
      listeners.add(listener);
      return this;
    }

    /** Finds clients by host name. Default: the operating system's resolver. */
    public Builder resolver(HostnameResolver resolver) {
      this.resolver = resolver;
      return this;
    }

    /**
     * Allows several machines to have this name at once; calls go to the least busy one. Default: a
     * name belongs to one machine at a time.
     */
    public Builder group(String name) {
      groups.add(name);
      return this;
    }

    /** How many clients may be connected at once. Default: 100,000. */
    public Builder maxConnections(int maxConnections) {
      this.maxConnections = maxConnections;
      return this;
    }

    /**
     * Remembers in a file which clients were ever connected, so that after a restart calls to them
     * wait for them. Default: it is remembered until the node closes.
     */
    public Builder knownClients(Path file) {
      this.knownClients = file;
      return this;
    }

    /**
     * Gives certificates: to machines that join with a token, and to clients that renew theirs,
     * over the pipe's own port. Default: none are given.
     */
    public Builder enrollment(Enrollment enrollment) {
      this.enrollment = enrollment;
      return this;
    }

    /**
     * Whether clients of version 1 (RestPipe 0.2.11) are let in, on the same port. Switch it off
     * once none is left. Default: yes.
     */
    public Builder legacy(boolean legacy) {
      this.legacy = legacy;
      return this;
    }

    /**
     * After how much silence a client of version 1 counts as dead. It sends a heartbeat five
     * seconds after the reply to the last one, and cannot be asked for one. Default: 10 seconds.
     */
    public Builder legacyHeartbeatTimeout(Duration timeout) {
      this.legacyHeartbeatTimeout = positive("legacy heartbeat timeout", timeout);
      return this;
    }

    @Override
    TlsPolicy tlsPolicy() {
      return new TlsPolicy(legacy, TlsPolicy.Offer.PIPE, legacyTlsVersions, true, null);
    }

    private DirectorySettings directorySettings() {
      return NodeParts.directorySettings(this, Set.copyOf(groups), resolver, maxConnections);
    }

    /**
     * Starts listening.
     *
     * @throws NodeStartException with a sentence that names the cause and the remedy
     */
    public ServerNode start() {
      return new ServerNode(this);
    }
  }
}
