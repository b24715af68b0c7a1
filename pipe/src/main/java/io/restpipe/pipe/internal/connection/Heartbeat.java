package io.restpipe.pipe.internal.connection;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches for signs of life. Any byte is one; after an interval without, a PING asks for one; after
 * the timeout the peer is dead. Costs one field write a read, and one task an interval. On the
 * loop.
 */
final class Heartbeat implements Runnable {

  /** A check that comes this late says that we were held up, not that the peer is dead. */
  private static final long LATE = TimeUnit.SECONDS.toNanos(1);

  private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(500);

  private final EventLoop loop;
  private final long interval;
  private final long timeout;
  private final ControlFrames control;
  private final Meters meters;
  private final Runnable ping;
  private final Runnable dead;

  private @Nullable ScheduledFuture<?> check;
  private long checkDue;
  private long lastReceived;
  private long lastToken;
  private boolean pinged;
  private final List<Probe> probes = new ArrayList<>();

  /** Nanoseconds, or 0 before the first PONG; metrics and callers read it from other threads. */
  private volatile long roundTrip;

  /**
   * @param ping is called when a PING is to be written
   * @param dead is called once the peer is dead
   */
  Heartbeat(
      EventLoop loop,
      Duration interval,
      Duration timeout,
      ControlFrames control,
      Meters meters,
      Runnable ping,
      Runnable dead) {
    this.loop = loop;
    this.interval = interval.toNanos();
    this.timeout = timeout.toNanos();
    this.control = control;
    this.meters = meters;
    this.ping = ping;
    this.dead = dead;
  }

  /** Asks at once, to learn the round-trip time. */
  void start() {
    long now = System.nanoTime();
    lastReceived = now;
    ping(now);
    schedule(now, interval);
  }

  void stop() {
    if (check != null) {
      check.cancel(false);
      check = null;
    }
  }

  void received(long now) {
    lastReceived = now;
  }

  void pong(long token) {
    List.copyOf(probes).forEach(probe -> probe.end(true));
    if (pinged && token == lastToken) {
      pinged = false;
      long took = Math.max(1, System.nanoTime() - token);
      roundTrip = took;
      meters.heartbeat.recordNanos(took);
      meters.heartbeatSuccess.increment();
    }
  }

  /**
   * Asks now, and says soon whether the peer has shown life since.
   *
   * @param answer gets true as soon as the peer answers, false after the timeout
   */
  void probe(Duration timeout, Consumer<Boolean> answer) {
    long asked = System.nanoTime();
    ping(asked);
    var pending = new Probe(answer);
    probes.add(pending);
    loop.schedule(
        () -> pending.end(lastReceived - asked > 0), timeout.toNanos(), TimeUnit.NANOSECONDS);
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

  long roundTrip() {
    return roundTrip;
  }

  @Override
  public void run() {
    check = null;
    long now = System.nanoTime();
    long silence = now - lastReceived;
    if (silence >= timeout) {
      if (now - checkDue > LATE) {
        schedule(now, GRACE);
        return;
      }
      meters.heartbeatFail.increment();
      dead.run();
    } else if (silence >= interval) {
      ping(now);
      schedule(now, timeout - silence);
    } else {
      schedule(now, interval - silence);
    }
  }

  private void ping(long now) {
    lastToken = now;
    pinged = true;
    control.ping(now);
    ping.run();
  }

  private void schedule(long now, long delay) {
    checkDue = now + delay;
    check = loop.schedule(this, delay, TimeUnit.NANOSECONDS);
  }
}
