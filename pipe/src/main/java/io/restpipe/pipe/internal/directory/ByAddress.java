package io.restpipe.pipe.internal.directory;

import io.restpipe.pipe.HostnameResolver;
import io.restpipe.pipe.PipeException;
import io.restpipe.pipe.PipeException.Reason;
import io.restpipe.pipe.internal.connection.Connection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Finds a peer by the address it is connected from, where no peer has the name that was asked for.
 * A host that resolves is taken for a machine that may come, and waited for.
 */
final class ByAddress {

  /** A resolver that takes longer counts as one that does not know the host. */
  private static final int RESOLVE_SECONDS = 3;

  private final Directory directory;
  private final HostnameResolver resolver;
  private final Executor blocking;

  /** Those who wait for an address; every new connection may be theirs. */
  private final PeerEntry anyone = new PeerEntry("*", true);

  /** How many connections have come; who has missed one looks again. */
  private final AtomicLong arrivals = new AtomicLong();

  ByAddress(Directory directory, HostnameResolver resolver, Executor blocking) {
    this.directory = directory;
    this.resolver = resolver;
    this.blocking = blocking;
  }

  void find(PendingCall call) {
    var answered = new AtomicBoolean();
    try {
      blocking.execute(
          () -> {
            List<InetAddress> addresses = resolve(call.name());
            if (answered.compareAndSet(false, true)) {
              send(call, addresses);
            }
          });
      directory
          .timer()
          .schedule(
              () -> {
                if (answered.compareAndSet(false, true)) {
                  directory.findUnknown(call);
                }
              },
              RESOLVE_SECONDS,
              TimeUnit.SECONDS);
    } catch (RejectedExecutionException busy) {
      call.fail(
          new PipeException(
              Reason.OVERLOADED,
              false,
              "too many host names are being looked up; use the client's name",
              directory.retryAfter(),
              busy));
    }
  }

  private List<InetAddress> resolve(String host) {
    try {
      return resolver.resolve(host);
    } catch (UnknownHostException | RuntimeException unknown) {
      return List.of();
    }
  }

  private void send(PendingCall call, List<InetAddress> addresses) {
    if (addresses.isEmpty()) {
      directory.findUnknown(call);
      return;
    }
    long seen = arrivals.get();
    var found = new TreeMap<String, Connection>();
    for (Connection connection : directory.connections()) {
      if (connection.acceptsEvents()
          && addresses.contains(connection.peer().address().getAddress())) {
        found.merge(
            connection.peer().name(),
            connection,
            (one, other) -> one.inFlight() <= other.inFlight() ? one : other);
      }
    }
    if (found.size() == 1) {
      call.send(found.firstEntry().getValue());
    } else if (found.isEmpty()) {
      call.await(anyone);
      if (arrivals.get() != seen && anyone.forget(call)) {
        call.wake();
      }
    } else {
      call.fail(
          new PipeException(
              Reason.UNKNOWN_PEER,
              "no client has the name "
                  + call.name()
                  + ", and several are connected from its address: call one of "
                  + found.keySet().stream().limit(10).toList()));
    }
  }

  void wake() {
    arrivals.incrementAndGet();
    anyone.takeWaiters().forEach(Waiter::wake);
  }
}
