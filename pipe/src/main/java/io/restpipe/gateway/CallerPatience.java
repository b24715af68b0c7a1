package io.restpipe.gateway;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long a connection waits for its caller. One tick a few times per timeout, in place of a timer
 * for each request. On the connection's loop.
 */
final class CallerPatience {

  /** What the caller is late with. */
  enum Late {
    HEAD,
    PROGRESS
  }

  /** What the patience asks and tells. */
  interface Owner {
    /** Whether the next move is the caller's. */
    boolean waitsForCaller();

    void late(Late what);
  }

  private final Owner owner;
  private final long idleNanos;
  private final long headNanos;
  private final Future<?> ticking;

  private long lastProgress = System.nanoTime();
  private boolean headBegun;
  private long headBegan;

  CallerPatience(EventLoop loop, GatewayOptions options, Owner owner) {
    this.owner = owner;
    this.idleNanos = options.idleTimeout().toNanos();
    this.headNanos = options.headTimeout().toNanos();
    long tick = Math.min(idleNanos, headNanos) / 4 + 1;
    this.ticking = loop.scheduleWithFixedDelay(this::tick, tick, tick, TimeUnit.NANOSECONDS);
  }

  void progress() {
    lastProgress = System.nanoTime();
  }

  /** The first bytes of a head are there, but not all. */
  void headBegan() {
    if (!headBegun) {
      headBegun = true;
      headBegan = System.nanoTime();
    }
  }

  void headComplete() {
    headBegun = false;
  }

  void stop() {
    ticking.cancel(false);
  }

  private void tick() {
    Late late = late(System.nanoTime());
    if (late != null) {
      owner.late(late);
    }
  }

  private @Nullable Late late(long now) {
    if (headBegun && now - headBegan > headNanos) {
      return Late.HEAD;
    }
    return now - lastProgress > idleNanos && owner.waitsForCaller() ? Late.PROGRESS : null;
  }
}
