package io.restpipe.pipe.internal.legacy;

import io.netty.util.concurrent.ScheduledFuture;
import io.restpipe.pipe.internal.connection.Meters;
import io.restpipe.pipe.internal.connection.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Signs of life of version 1. The dialing end sends a heartbeat some time after it has connected,
 * and again after each reply; a peer that leaves it unanswered is dead. The accepting end sends
 * none, and takes a peer for dead that was silent. Any byte is a sign of life; and a peer that runs
 * an event of ours cannot give one, so that it is given more time. On the loop.
 */
final class V1Heartbeat {

  /** A peer that runs an event may be silent for this many timeouts. */
  private static final int PATIENCE = 2;

  /** In 1/10 of the interval: when a peer that lives has sent its next heartbeat for sure. */
  private static final int PROBE_TENTHS = 15;

  private final V1Connection connection;
  private final Role role;
  private final long interval;
  private final long timeout;
  private final Meters meters;
  private final List<Probe> probes = new ArrayList<>();

  private @Nullable ScheduledFuture<?> next;
  private boolean stopped;
  private long lastReceived = System.nanoTime();
  private boolean asked;
  private boolean everAnswered;
  private int askedId;
  private long askedAt;

  /** Nanoseconds, or 0 before the first reply; callers read it from other threads. */
  private volatile long roundTrip;

  V1Heartbeat(V1Connection connection, Role role, V1Settings settings, Meters meters) {
    this.connection = connection;
    this.role = role;
    this.interval = settings.heartbeatInterval().toNanos();
    this.timeout = settings.heartbeatTimeout().toNanos();
    this.meters = meters;
  }

  void start() {
    schedule(role == Role.DIALER ? this::ask : this::watch, interval);
  }

  void stop() {
    stopped = true;
    if (next != null) {
      next.cancel(false);
    }
    List.copyOf(probes).forEach(probe -> probe.end(false));
  }

  private void schedule(Runnable step, long delay) {
    if (!stopped) {
      next = connection.loop().schedule(step, delay, TimeUnit.NANOSECONDS);
    }
  }

  void received() {
    lastReceived = System.nanoTime();
    if (!probes.isEmpty()) {
      List.copyOf(probes).forEach(probe -> probe.end(true));
    }
  }

  boolean isOpen(int id) {
    return asked && askedId == id;
  }

  long roundTrip() {
    return roundTrip;
  }

  private void ask() {
    askedId = connection.calls().newId();
    asked = true;
    askedAt = System.nanoTime();
    connection.sendHeartbeat(askedId);
    schedule(this::unanswered, timeout);
  }

  private void unanswered() {
    if (lastReceived - askedAt > 0) {
      // It lives, but this one it has missed.
      ask();
      return;
    }
    long silence = System.nanoTime() - askedAt;
    if (silence < limit()) {
      schedule(this::unanswered, limit() - silence);
      return;
    }
    meters.heartbeatFail.increment();
    connection.dead(
        "no answer to a heartbeat for "
            + TimeUnit.NANOSECONDS.toMillis(silence)
            + " ms"
            + (everAnswered
                ? ""
                : "; a server of RestPipe 0.2.11 serves one client at a time: is another one"
                    + " connected to it?"));
  }

  private long limit() {
    return connection.calls().running() ? PATIENCE * timeout : timeout;
  }

  void answered(int id) {
    if (!isOpen(id)) {
      connection.dropped(id);
      return;
    }
    asked = false;
    everAnswered = true;
    roundTrip = Math.max(1, System.nanoTime() - askedAt);
    meters.heartbeat.recordNanos(roundTrip);
    meters.heartbeatSuccess.increment();
    if (next != null) {
      next.cancel(false);
    }
    schedule(this::ask, interval);
  }

  private void watch() {
    long silence = System.nanoTime() - lastReceived;
    if (silence > limit()) {
      connection.dead("silent for " + TimeUnit.NANOSECONDS.toMillis(silence) + " ms");
    } else {
      schedule(this::watch, interval);
    }
  }

  /**
   * Waits for a sign of life: the peer cannot be asked for one, but sends its heartbeats.
   *
   * @param answer gets true as soon as anything comes, false after the timeout
   */
  void probe(Duration patience, Consumer<Boolean> answer) {
    var probe = new Probe(answer);
    probes.add(probe);
    long most = Math.max(patience.toNanos(), interval * PROBE_TENTHS / 10);
    connection.loop().schedule(() -> probe.end(false), most, TimeUnit.NANOSECONDS);
  }

  /** Somebody who wants to know whether the peer lives. */
  private final class Probe {

    private final Consumer<Boolean> answer;

    Probe(Consumer<Boolean> answer) {
      this.answer = answer;
    }

    void end(boolean alive) {
      if (probes.remove(this)) {
        answer.accept(alive);
      }
    }
  }
}
