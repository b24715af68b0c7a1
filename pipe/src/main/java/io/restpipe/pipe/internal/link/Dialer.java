package io.restpipe.pipe.internal.link;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.restpipe.metrics.Metrics;
import io.restpipe.pipe.internal.connection.Connection;
import io.restpipe.pipe.internal.connection.ConnectionListener;
import io.restpipe.pipe.internal.tls.HandshakeFailure;
import io.restpipe.pipe.internal.tls.TlsContexts;
import io.restpipe.pipe.internal.tls.TlsPeer;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.pipe.internal.wire.Hello;
import io.restpipe.pipe.internal.wire.ProtocolException;
import io.restpipe.security.NodeRole;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection to a server up, for ever. All state belongs to one event loop; {@link
 * #start} and {@link #stop} may be called from any thread.
 */
public final class Dialer {

  /** A successor that is not up by then is given up; the old connection stays. */
  private static final int SUCCESSION_SECONDS = 20;

  private enum State {
    /** Not started yet, or stopped for good. */
    IDLE,
    /** Looking up the host, connecting, or in the TLS handshake. */
    CONNECTING,
    /** TLS is up; the server has not let us in yet. */
    GREETING,
    /** Events flow. */
    UP,
    /** The timer runs until the next attempt. */
    WAITING
  }

  /** Makes the connection that runs over a secured channel. */
  @FunctionalInterface
  public interface ConnectionFactory {
    /**
     * Makes it.
     *
     * @param legacy whether it is one of version 1
     * @param succeeds whether an older connection of this process is up, and is to be let finish
     */
    Connection create(
        TlsPeer server, boolean legacy, long epoch, boolean succeeds, ConnectionListener listener);
  }

  private final Bootstrap bootstrap;
  private final EventLoop loop;
  private final Supplier<TlsContexts> tls;
  private final ConnectionFactory factory;
  private final DialListener listener;
  private final LinkSecurity security;
  private final Executor blocking;
  private final Targets targets;
  private final Backoff backoff = new Backoff();

  private final Metrics.Counter attempted;
  private final Metrics.Timer attemptTime;
  private final Metrics.Counter connected;
  private final Metrics.Counter broken;

  private State state = State.IDLE;
  private boolean stopped;
  private long epoch;
  private int failedAttempts;
  private @Nullable Instant lastDisconnected;
  private @Nullable ScheduledFuture<?> timer;

  /** Of the attempt or the connection that is current. */
  private long startedAt;

  private @Nullable Attempt attempt;

  private @Nullable Channel channel;
  private @Nullable Connection connection;

  /** What is to take the place of the connection that is up. */
  private @Nullable Successor successor;

  /** The identity has changed while a connection was on its way. */
  private boolean renewWhenUp;

  /** {@code dialing}: on the one event loop that everything here belongs to. */
  public Dialer(
      Bootstrap dialing,
      DialTarget target,
      Supplier<TlsContexts> tls,
      ConnectionFactory factory,
      DialListener listener,
      LinkSecurity security,
      Executor blocking,
      Metrics metrics) {
    this.bootstrap =
        dialing
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Attempt.CONNECT_TIMEOUT_MILLIS)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true);
    this.loop = (EventLoop) dialing.config().group();
    this.tls = tls;
    this.factory = factory;
    this.listener = listener;
    this.security = security;
    this.blocking = blocking;
    this.targets = new Targets(target);
    this.attempted = metrics.counter("client.connect.new.tick");
    this.attemptTime = metrics.timer("client.connect.new.attempt.timing");
    this.connected = metrics.counter("client.connect.connected.tick");
    this.broken = metrics.counter("client.connect.broken.tick");
  }

  public void start() {
    loop.execute(this::dial);
  }

  /** Dials no more. A connection that is up stays, for whoever drains it. */
  public void stop() {
    loop.execute(
        () -> {
          stopped = true;
          if (timer != null) {
            timer.cancel(false);
          }
          if (attempt != null) {
            attempt.cancel();
          }
          if (channel != null && state != State.UP) {
            channel.close();
          }
          if (successor != null) {
            successor.abandon("the node is shutting down");
          }
        });
  }

  /**
   * Makes a connection beside the one that is up, on the identity of now, and moves over to it; the
   * old one finishes what it runs. Where none is up, dials at once. Any thread.
   *
   * @param failed told why it came to nothing; the old connection stays then
   */
  public void renew(Consumer<String> failed) {
    loop.execute(
        () -> {
          if (stopped) {
            return;
          }
          switch (state) {
            case UP -> succeed(failed);
            case CONNECTING, GREETING -> renewWhenUp = true;
            case WAITING -> {
              if (timer != null) {
                timer.cancel(false);
              }
              dial();
            }
            case IDLE -> {}
          }
        });
  }

  private void succeed(Consumer<String> failed) {
    Successor former = successor;
    successor = new Successor(failed);
    successor.start();
    if (former != null) {
      former.abandon("another one was wanted");
    }
  }

  private void dial() {
    if (stopped) {
      return;
    }
    state = State.CONNECTING;
    startedAt = System.nanoTime();
    attempted.increment();
    attempt = attempt(new First());
    attempt.start(blocking);
  }

  private Attempt attempt(Attempt.Outcome outcome) {
    return new Attempt(bootstrap, targets.current(), tls, security, outcome);
  }

  private long nextEpoch() {
    epoch = Math.max(epoch + 1, System.currentTimeMillis());
    return epoch;
  }

  private void up(Connection ready, Hello server) {
    state = State.UP;
    long now = System.nanoTime();
    attemptTime.recordNanos(now - startedAt);
    connected.increment();
    startedAt = now;
    targets.alternatives(server.servers());
    int attempts = failedAttempts;
    failedAttempts = 0;
    listener.connected(ready, attempts, lastDisconnected);
    if (renewWhenUp) {
      renewWhenUp = false;
      succeed(cause -> {});
    }
  }

  /** The successor is up: events go there from now on. */
  private void moveTo(Connection next, Channel nextChannel, Hello server) {
    Connection old = connection;
    connection = next;
    channel = nextChannel;
    if (old != null) {
      backoff.ended(System.nanoTime() - startedAt);
      old.drain(new GoAway(0, GoAway.Reason.DRAINING, "its successor is up", 0, 0, List.of()));
    }
    up(next, server);
  }

  /**
   * The server finishes what runs and takes nothing new: its connection goes on beside the next.
   */
  private void serverLeaves(GoAway goAway) {
    if (state != State.UP) {
      return;
    }
    backoff.ended(System.nanoTime() - startedAt);
    lastDisconnected = Instant.now();
    connection = null;
    channel = null;
    again(Lane.of(goAway), goAway);
  }

  private void closed(
      Connection ended, @Nullable GoAway goAway, @Nullable Throwable cause, boolean wasUp) {
    String why = why(goAway, cause);
    if (wasUp) {
      broken.increment();
      listener.disconnected(ended, why);
    }
    if (ended != connection) {
      return;
    }
    connection = null;
    channel = null;
    Lane lane = goAway != null ? Lane.of(goAway) : Lane.of(cause);
    if (wasUp) {
      backoff.ended(System.nanoTime() - startedAt);
      lastDisconnected = Instant.now();
      again(lane, goAway);
    } else {
      failed(lane, why, goAway);
    }
  }

  private static String why(@Nullable GoAway goAway, @Nullable Throwable cause) {
    if (goAway != null) {
      return "the server says " + goAway.reason() + ": " + goAway.text();
    }
    return cause == null
        ? "the server closed the connection"
        : HandshakeFailure.of(cause, NodeRole.SERVER).sentence();
  }

  private void failed(Lane lane, String cause) {
    failed(lane, cause, null);
  }

  private void failed(Lane lane, String cause, @Nullable GoAway goAway) {
    attemptTime.recordNanos(System.nanoTime() - startedAt);
    failedAttempts++;
    targets.advance();
    listener.failed(cause, failedAttempts, lastDisconnected);
    again(lane, goAway);
  }

  private void again(Lane lane, @Nullable GoAway goAway) {
    if (stopped) {
      return;
    }
    state = State.WAITING;
    if (successor != null) {
      return; // It is on its way already: what becomes of it decides.
    }
    long wait = backoff.next(lane, System.nanoTime());
    if (goAway != null) {
      targets.redirect(goAway.targets());
      if (goAway.retryMaxMillis() > 0) {
        wait = backoff.hinted(goAway.retryMinMillis(), goAway.retryMaxMillis());
      }
    }
    timer = loop.schedule(this::dial, wait, TimeUnit.NANOSECONDS);
  }

  /** What becomes of dialing while there is no connection. */
  private final class First implements Attempt.Outcome {

    @Override
    public void secured(Channel secured, TlsPeer server) {
      attempt = null;
      state = State.GREETING;
      channel = secured;
      connection =
          factory.create(
              server,
              TlsContexts.isLegacy(secured),
              nextEpoch(),
              false,
              new Watch(Dialer.this::up, why -> {}));
      secured.pipeline().addLast("pipe", connection.handler());
    }

    @Override
    public void failed(Lane lane, String cause) {
      attempt = null;
      Dialer.this.failed(lane, cause);
    }
  }

  /** A connection on its way, beside the one that is up. */
  private final class Successor implements Attempt.Outcome {

    private final Consumer<String> failed;
    private final Attempt attempt = attempt(this);
    private @Nullable Channel channel;
    private @Nullable ScheduledFuture<?> deadline;

    Successor(Consumer<String> failed) {
      this.failed = failed;
    }

    void start() {
      attempted.increment();
      deadline =
          loop.schedule(
              () -> abandon("the server did not answer in time"),
              SUCCESSION_SECONDS,
              TimeUnit.SECONDS);
      attempt.start(blocking);
    }

    @Override
    public void secured(Channel secured, TlsPeer server) {
      channel = secured;
      var watch =
          new Watch(
              (ready, hello) -> up(ready, secured, hello),
              why -> Successor.this.failed(Lane.NETWORK, why));
      Connection next =
          factory.create(server, TlsContexts.isLegacy(secured), nextEpoch(), true, watch);
      secured.pipeline().addLast("pipe", next.handler());
    }

    private void up(Connection ready, Channel secured, Hello hello) {
      if (end()) {
        moveTo(ready, secured, hello);
      } else {
        ready.close(new GoAway(0, GoAway.Reason.DRAINING, "came too late", 0, 0, List.of()));
      }
    }

    @Override
    public void failed(Lane lane, String cause) {
      if (end()) {
        failed.accept(cause);
        if (state == State.WAITING && !stopped) {
          dial(); // The old connection has ended meanwhile.
        }
      }
    }

    void abandon(String why) {
      attempt.cancel();
      if (channel != null) {
        channel.close();
      }
      failed(Lane.NETWORK, why);
    }

    /** Whether it was still on its way. */
    private boolean end() {
      if (deadline != null) {
        deadline.cancel(false);
      }
      if (successor != this) {
        return false;
      }
      successor = null;
      return true;
    }
  }

  /** Sees one connection from its greeting to its end. */
  private final class Watch implements ConnectionListener {

    private final BiConsumer<Connection, Hello> ready;
    private final Consumer<String> lost;
    private boolean wasUp;

    /**
     * @param ready told when the connection is up
     * @param lost told if it ends before, with the reason
     */
    Watch(BiConsumer<Connection, Hello> ready, Consumer<String> lost) {
      this.ready = ready;
      this.lost = lost;
    }

    @Override
    public void hello(Connection connection, Hello server) {
      wasUp = true;
      ready.accept(connection, server);
    }

    @Override
    public void goAway(Connection leaving, GoAway goAway) {
      if (leaving == connection) {
        serverLeaves(goAway);
      }
    }

    @Override
    public void violated(Connection connection, ProtocolException violation) {
      security.violated(connection.peer(), violation);
    }

    @Override
    public void limitHit(Connection connection, String limit) {
      security.limitHit(connection.peer(), limit);
    }

    @Override
    public void closed(Connection ended, @Nullable GoAway received, @Nullable Throwable cause) {
      Dialer.this.closed(ended, received, cause, wasUp);
      if (!wasUp) {
        lost.accept(why(received, cause));
      }
    }
  }
}
