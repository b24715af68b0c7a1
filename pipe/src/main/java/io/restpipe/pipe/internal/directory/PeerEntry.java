package io.restpipe.pipe.internal.directory;

import io.restpipe.pipe.internal.connection.Connection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything about one name: its live connections, and who waits for one. Guarded by its monitor,
 * except that {@link #leastBusy} reads the connections without it. An entry that nobody uses is
 * dropped from the directory, and takes nobody in from then on.
 */
final class PeerEntry {

  final String name;

  /** Copied on write, so that a call reads it without a lock. */
  private volatile Connection[] connections = new Connection[0];

  private final List<Waiter> waiters = new ArrayList<>();

  /** Whether the name has ever been connected; it stays known from then on. */
  private volatile boolean known;

  private boolean dropped;

  PeerEntry(String name, boolean known) {
    this.name = name;
    this.known = known;
  }

  boolean known() {
    return known;
  }

  /** The connection with the fewest events under way, of those that take new ones. */
  @Nullable Connection leastBusy() {
    Connection[] now = connections;
    if (now.length == 1) {
      return now[0].acceptsEvents() ? now[0] : null;
    }
    Connection best = null;
    int fewest = Integer.MAX_VALUE;
    for (Connection connection : now) {
      int inFlight = connection.inFlight();
      if (inFlight < fewest && connection.acceptsEvents()) {
        best = connection;
        fewest = inFlight;
      }
    }
    return best;
  }

  Connection[] connections() {
    return connections;
  }

  /**
   * Takes a connection in, if the ones that are here allow it.
   *
   * @param shared whether several processes may have this name
   */
  synchronized Verdict admit(Connection newcomer, boolean shared) {
    if (dropped) {
      return new Verdict.Again();
    }
    var stay = new ArrayList<Connection>();
    var fenced = new ArrayList<Connection>();
    var succeeded = new ArrayList<Connection>();
    for (Connection old : connections) {
      if (!old.acceptsEvents()) {
        // It finishes what it runs, or is about to end: no reason to cut it off.
        stay.add(old);
      } else if (old.theirs().instance().equals(newcomer.theirs().instance())) {
        if (newcomer.theirs().epoch() <= old.theirs().epoch()) {
          return new Verdict.Stale();
        }
        if (newcomer.theirs().succeeds()) {
          stay.add(old);
          succeeded.add(old);
        } else {
          fenced.add(old);
        }
      } else if (shared) {
        stay.add(old);
      } else {
        return new Verdict.Contested(old);
      }
    }
    stay.add(newcomer);
    connections = stay.toArray(Connection[]::new);
    known = true;
    return new Verdict.Admitted(this, fenced, succeeded);
  }

  synchronized void remove(Connection connection) {
    var fewer = new ArrayList<>(List.of(connections));
    fewer.remove(connection);
    connections = fewer.toArray(Connection[]::new);
  }

  /**
   * Waits for a connection, unless there is one after all.
   *
   * @return false if there is reason to look again at once; the waiter was not added then
   */
  synchronized boolean await(Waiter waiter) {
    if (dropped || leastBusy() != null) {
      return false;
    }
    waiters.add(waiter);
    return true;
  }

  synchronized boolean forget(Waiter waiter) {
    return waiters.remove(waiter);
  }

  synchronized List<Waiter> takeWaiters() {
    var taken = List.copyOf(waiters);
    waiters.clear();
    return taken;
  }

  /** Whether nobody uses it; it takes nobody in any more then. */
  synchronized boolean drop() {
    dropped = !known && waiters.isEmpty() && connections.length == 0;
    return dropped;
  }
}
