package io.restpipe.pipe.internal.directory;

import io.restpipe.event.Event;
import io.restpipe.event.Reply;
import io.restpipe.pipe.Connected;
import io.restpipe.pipe.Peer;
import io.restpipe.pipe.Peers;
import io.restpipe.pipe.PipeException;
import io.restpipe.pipe.PipeException.Reason;
import io.restpipe.pipe.internal.connection.Connection;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who is connected, by name. Any thread; a call to a connected peer takes no lock and no other
 * thread.
 */
public final class Directory implements Peers {

  private static final Duration UNKNOWN_WAIT = Duration.ofSeconds(2);

  private final DirectorySettings settings;
  private final ScheduledExecutorService timer;
  private final SecurityLog security;
  private final @Nullable ByAddress byAddress;
  private final EventIds ids = new EventIds();
  private final ConcurrentHashMap<String, PeerEntry> entries = new ConcurrentHashMap<>();
  private final AtomicInteger waiting = new AtomicInteger();

  /** Every connection that was let in and has not ended. */
  private final Set<Connection> live = ConcurrentHashMap.newKeySet();

  /**
   * In the first moments after a start every client is still on its way: until then even a name
   * that was never seen is waited for, a little.
   */
  private final long settled;

  private volatile boolean closed;

  /** Knows until when a connection's peer has a valid certificate. */
  private volatile Function<Connection, @Nullable Instant> expiry = connection -> null;

  /** What may be sent to whom; null: everything. */
  private volatile @Nullable SendRule rule;

  /** What who comes now is told; null as long as they are welcome. */
  private volatile @Nullable GoAway farewell;

  /**
   * @param timer runs short tasks at their time; an event loop group for example
   * @param blocking runs the resolver, which may block
   * @param security is told of peers that are turned away or replaced, and of bounds reached
   */
  public Directory(
      DirectorySettings settings,
      ScheduledExecutorService timer,
      Executor blocking,
      SecurityLog security) {
    this.settings = settings;
    this.timer = timer;
    this.security = security;
    this.byAddress =
        settings.resolver() == null ? null : new ByAddress(this, settings.resolver(), blocking);
    this.settled = System.nanoTime() + settings.peerWait().toNanos();
  }

  /** Who is asked until when the certificate of a connection's peer is valid; null: not known. */
  public void expiry(Function<Connection, @Nullable Instant> source) {
    this.expiry = source;
  }

  /** Asks a rule from now on before anything is sent. Default: none, everything may be sent. */
  public void rule(SendRule rule) {
    this.rule = rule;
  }

  /** Why an event may not be sent; null if it may. */
  @Nullable String forbids(String peer, Event event) {
    SendRule asked = rule;
    return asked == null ? null : asked.forbids(peer, event);
  }

  /** Makes a name known before it has ever been connected. */
  public void know(String name) {
    entries.putIfAbsent(name, new PeerEntry(name, true));
  }

  @Override
  public Peer peer(String name) {
    return new NamedPeer(this, name);
  }

  @Override
  public List<Connected> connected() {
    var all = new ArrayList<Connected>();
    for (Connection connection : live) {
      all.add(
          new Connected(
              connection.peer(),
              connection.roundTrip(),
              connection.inFlight(),
              expiry.apply(connection)));
    }
    all.sort(
        Comparator.comparing((Connected one) -> one.peer().name())
            .thenComparing(one -> one.peer().since()));
    return all;
  }

  /** How many connections there are. */
  public int count() {
    return live.size();
  }

  CompletableFuture<Reply> exchange(String name, Event event) {
    var call = new PendingCall(this, name, event);
    call.attempt();
    return call;
  }

  boolean isConnected(String name) {
    PeerEntry entry = entries.get(name);
    return entry != null && entry.leastBusy() != null;
  }

  /** Sends, waits or fails, as things stand. */
  void find(PendingCall call) {
    if (closed) {
      call.fail(new PipeException(Reason.DRAINING, "this node is shutting down"));
      return;
    }
    PeerEntry entry = entries.get(call.name());
    if (entry != null) {
      Connection connection = entry.leastBusy();
      if (connection != null) {
        call.send(connection);
        return;
      }
      if (entry.known()) {
        call.await(entry);
        return;
      }
    }
    if (byAddress != null) {
      byAddress.find(call);
    } else {
      findUnknown(call);
    }
  }

  /** Nobody has that name or address: maybe not yet. */
  void findUnknown(PendingCall call) {
    PeerEntry entry = entry(call.name());
    call.await(entry);
    // Where the call does not wait there, nobody else would ever drop it.
    dropIfUnused(entry);
  }

  /** How many names take up memory. */
  int names() {
    return entries.size();
  }

  /** How long to wait now for a name that was never seen, in nanoseconds. */
  long unknownWait() {
    return Math.min(UNKNOWN_WAIT.toNanos(), settled - System.nanoTime());
  }

  PeerEntry entry(String name) {
    return entries.computeIfAbsent(name, absent -> new PeerEntry(absent, false));
  }

  void dropIfUnused(PeerEntry entry) {
    if (!entry.known()) {
      entries.computeIfPresent(entry.name, (name, present) -> present.drop() ? null : present);
    }
  }

  /**
   * Takes a connection in, or turns it away with a GOAWAY. Where a connection of the same name
   * lives already, the newer one of one process takes over at once; another process takes over only
   * if the old one shows no life, unless the name is shared. Any thread.
   *
   * @param admitted runs on the connection's loop once it is in; accepts it, where that is to be
   *     done, and then waiting calls go out
   */
  public void admit(String name, Connection newcomer, Runnable admitted) {
    new Admitting(this, settings, name, newcomer, admitted).begin();
  }

  void admitted(Connection connection) {
    live.add(connection);
  }

  void wake(List<Waiter> waiters) {
    waiters.forEach(Waiter::wake);
    if (byAddress != null) {
      byAddress.wake();
    }
  }

  /** Takes a connection out that has ended; whether it had been let in. Any thread. */
  public boolean remove(String name, Connection connection) {
    PeerEntry entry = entries.get(name);
    if (entry != null) {
      entry.remove(connection);
    }
    return live.remove(connection);
  }

  /** All live connections. */
  public Collection<Connection> connections() {
    return Collections.unmodifiableSet(live);
  }

  /** Drains all connections; those that were still on their way in are turned away. */
  public void drain(GoAway goAway) {
    farewell = goAway;
    live.forEach(connection -> connection.drain(goAway));
  }

  /** Non-null once this node takes nobody in any more. */
  @Nullable GoAway farewell() {
    return farewell;
  }

  /** Refuses new calls, and those that wait. */
  public void close() {
    closed = true;
    entries.values().forEach(entry -> entry.takeWaiters().forEach(Waiter::wake));
    if (byAddress != null) {
      byAddress.wake();
    }
  }

  EventIds ids() {
    return ids;
  }

  Duration eventTimeout() {
    return settings.eventTimeout();
  }

  Duration peerWait() {
    return settings.peerWait();
  }

  /** What callers that could not wait any longer are told. */
  Duration retryAfter() {
    return Duration.ofSeconds(1);
  }

  SecurityLog security() {
    return security;
  }

  ScheduledExecutorService timer() {
    return timer;
  }

  boolean closed() {
    return closed;
  }

  /** Runs a step later, so that the stack of the one who brought the news unwinds first. */
  void soon(Runnable step) {
    try {
      timer.execute(step);
    } catch (RejectedExecutionException ended) {
      // The node is closed, and the step will find it so: nobody may be left waiting.
      step.run();
    }
  }

  /** As {@link #soon}, after a while. */
  void later(Runnable step, Duration delay) {
    if (delay.isZero()) {
      soon(step);
      return;
    }
    try {
      timer.schedule(step, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException ended) {
      step.run();
    }
  }

  boolean mayWait() {
    if (waiting.get() < settings.maxWaiting()) {
      return true;
    }
    security.log(
        SecurityEvent.builder(SecurityEventKind.LIMIT_HIT)
            .with(
                SecurityEvent.Field.LIMIT,
                settings.maxWaiting() + " events wait for peers that are not connected")
            .build());
    return false;
  }

  void waiting(int change) {
    waiting.addAndGet(change);
  }
}
