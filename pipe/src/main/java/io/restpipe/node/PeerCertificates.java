package io.restpipe.node;

import io.restpipe.pipe.internal.connection.Connection;
import io.restpipe.pipe.internal.connection.ConnectionListener;
import io.restpipe.pipe.internal.tls.TlsPeer;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.pipe.internal.wire.Hello;
import io.restpipe.pipe.internal.wire.ProtocolException;
import io.restpipe.security.CertificateCheck;
import io.restpipe.security.CertificateProblem;
import io.restpipe.security.NodeRole;
import io.restpipe.security.Revocations;
import io.restpipe.security.Revoked;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of the peers that are connected, and what happens when one stops being good: a
 * revoked peer is cut off at once, one whose certificate expires finishes what it runs. Any thread.
 */
final class PeerCertificates {

  private static final Logger LOG = LoggerFactory.getLogger(PeerCertificates.class);

  private final Supplier<Revocations> revocations;
  private final SecurityLog security;
  private final Consumer<Connection> expired;
  private final Map<Connection, TlsPeer> peers = new ConcurrentHashMap<>();

  /**
   * @param expired told when the certificate of a connection's peer has expired; on its loop
   */
  PeerCertificates(
      Supplier<Revocations> revocations, SecurityLog security, Consumer<Connection> expired) {
    this.revocations = revocations;
    this.security = security;
    this.expired = expired;
  }

  /** Hears of a connection first, and tells the next one what it may know. */
  ConnectionListener watch(TlsPeer peer, ConnectionListener next) {
    return new Watch(peer, next);
  }

  void add(Connection connection, TlsPeer peer) {
    peers.put(connection, peer);
  }

  /** Until when the certificate of a connection's peer is valid. */
  Optional<Instant> notAfter(Connection connection) {
    return Optional.ofNullable(peers.get(connection))
        .map(peer -> peer.certificate().getNotAfter().toInstant());
  }

  /** Whether one of the peers is not of these authorities. */
  boolean forgotten(List<X509Certificate> trustAnchors, NodeRole role) {
    var check = new CertificateCheck(trustAnchors, role, Instant.now());
    return peers.values().stream()
        .anyMatch(
            peer ->
                check.problems(peer.chain()).stream()
                    .anyMatch(problem -> problem.kind() == CertificateProblem.Kind.UNTRUSTED));
  }

  /** Cuts off all who are revoked by now. */
  void cutRevoked() {
    peers.forEach(this::cutIfRevoked);
  }

  private boolean cutIfRevoked(Connection connection, TlsPeer peer) {
    Optional<Revoked> revoked = revocations.get().find(peer.chain());
    revoked.ifPresent(
        why -> {
          String what = "certificate " + why.problem(Instant.now()).what();
          LOG.warn("[{}] cut off: {}", peer.name(), what);
          security.log(
              SecurityEvent.builder(SecurityEventKind.IDENTITY_REVOKED)
                  .peer(peer.name())
                  .from(connection.peer().address())
                  .reason(what)
                  .with(Field.SERIAL, Revoked.serial(why.certificate()))
                  .build());
          connection.close(new GoAway(0, GoAway.Reason.FORBIDDEN, "your " + what, 0, 0, List.of()));
        });
    return revoked.isPresent();
  }

  /** Sees one connection from its greeting to its end. On its loop. */
  private final class Watch implements ConnectionListener {

    private final TlsPeer peer;
    private final ConnectionListener next;
    private @Nullable Future<?> expiry;

    Watch(TlsPeer peer, ConnectionListener next) {
      this.peer = peer;
      this.next = next;
    }

    @Override
    public void hello(Connection connection, Hello theirs) {
      // It was checked at the handshake; maybe before the last list of revoked ones came.
      if (!cutIfRevoked(connection, peer)) {
        awaitExpiry(connection);
        next.hello(connection, theirs);
      }
    }

    private void awaitExpiry(Connection connection) {
      Duration left = Duration.between(Instant.now(), peer.certificate().getNotAfter().toInstant());
      expiry =
          connection
              .loop()
              .schedule(() -> look(connection), left.toMillis() + 1, TimeUnit.MILLISECONDS);
    }

    /** The clock may have been set meanwhile. */
    private void look(Connection connection) {
      if (Instant.now().isAfter(peer.certificate().getNotAfter().toInstant())) {
        expired.accept(connection);
      } else {
        awaitExpiry(connection);
      }
    }

    @Override
    public void goAway(Connection connection, GoAway goAway) {
      next.goAway(connection, goAway);
    }

    @Override
    public void violated(Connection connection, ProtocolException violation) {
      next.violated(connection, violation);
    }

    @Override
    public void limitHit(Connection connection, String limit) {
      next.limitHit(connection, limit);
    }

    @Override
    public void closed(
        Connection connection, @Nullable GoAway received, @Nullable Throwable cause) {
      peers.remove(connection);
      if (expiry != null) {
        expiry.cancel(false);
      }
      next.closed(connection, received, cause);
    }
  }
}
