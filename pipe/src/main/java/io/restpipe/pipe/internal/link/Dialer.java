package io.restpipe.pipe.internal.link;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.restpipe.metrics.Metrics;
import io.restpipe.pipe.internal.connection.Connection;
import io.restpipe.pipe.internal.connection.ConnectionListener;
import io.restpipe.pipe.internal.tls.HandshakeFailure;
import io.restpipe.pipe.internal.tls.TlsContexts;
import io.restpipe.pipe.internal.tls.TlsListener;
import io.restpipe.pipe.internal.tls.TlsPeer;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.pipe.internal.wire.Hello;
import io.restpipe.pipe.internal.wire.ProtocolException;
import io.restpipe.security.NodeRole;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection to a server up, for ever. All state belongs to one event loop; {@link
 * #start} and {@link #stop} may be called from any thread.
 */
public final class Dialer {

  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

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
    Connection create(TlsPeer server, long epoch, ConnectionListener listener);
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

  private @Nullable Channel channel;
  private @Nullable Connection connection;

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
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
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
          if (channel != null && state != State.UP) {
            channel.close();
          }
        });
  }

  private void dial() {
    if (stopped) {
      return;
    }
    state = State.CONNECTING;
    startedAt = System.nanoTime();
    attempted.increment();
    DialTarget target = targets.current();
    try {
      blocking.execute(() -> resolve(target));
    } catch (RejectedExecutionException busy) {
      failed(Lane.NETWORK, "cannot look up " + target.host() + " now: too many look-ups");
    }
  }

  private void resolve(DialTarget target) {
    try {
      InetAddress[] addresses = InetAddress.getAllByName(target.host());
      onLoop(() -> connect(target, List.of(addresses), 0));
    } catch (IOException | RuntimeException unknown) {
      onLoop(
          () ->
              failed(
                  Lane.NETWORK,
                  "cannot find the host " + target.host() + ": check the name and the resolver"));
    }
  }

  /** A look-up may outlast the node. */
  private void onLoop(Runnable step) {
    try {
      loop.execute(step);
    } catch (RejectedExecutionException ended) {
      // The node is closed: nobody wants to know any more.
    }
  }

  private void connect(DialTarget target, List<InetAddress> addresses, int index) {
    if (stopped) {
      return;
    }
    ChannelFuture connecting =
        bootstrap
            .clone()
            .handler(new Secure(target))
            .connect(new InetSocketAddress(addresses.get(index), target.port()));
    channel = connecting.channel();
    connecting.addListener(
        done -> {
          if (!done.isSuccess()) {
            if (index + 1 < addresses.size()) {
              connect(target, addresses, index + 1);
            } else {
              failed(Lane.NETWORK, "cannot connect to " + target + ": " + plain(done.cause()));
            }
          }
        });
  }

  private static String plain(Throwable cause) {
    if (cause instanceof ConnectTimeoutException) {
      return "no answer within " + CONNECT_TIMEOUT_MILLIS / 1_000 + " seconds";
    }
    String message = String.valueOf(cause.getMessage());
    if (message.contains("Connection refused")) {
      return "nothing listens there (connection refused)";
    }
    return message;
  }

  private void secured(Channel secured, TlsPeer server) {
    epoch = Math.max(epoch + 1, System.currentTimeMillis());
    state = State.GREETING;
    connection = factory.create(server, epoch, new Watch());
    secured.pipeline().addLast("pipe", connection.handler());
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
    again(lane(goAway), goAway);
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
    Lane lane = goAway != null ? lane(goAway) : lane(cause);
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

  private static Lane lane(GoAway goAway) {
    return switch (goAway.reason()) {
      case NAME_TAKEN -> Lane.NAME_TAKEN;
      case FORBIDDEN -> Lane.CERTIFICATE;
      case INCOMPATIBLE, PROTOCOL_ERROR -> Lane.INCOMPATIBLE;
      case UNKNOWN, DRAINING, REPLACED, OVERLOADED -> Lane.NETWORK;
    };
  }

  private static Lane lane(@Nullable Throwable cause) {
    if (cause == null) {
      return Lane.NETWORK;
    }
    return lane(HandshakeFailure.of(cause, NodeRole.SERVER));
  }

  private static Lane lane(HandshakeFailure failure) {
    return switch (failure.kind()) {
      case NETWORK -> Lane.NETWORK;
      case CERTIFICATE -> Lane.CERTIFICATE;
      case INCOMPATIBLE -> Lane.INCOMPATIBLE;
    };
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
    long wait = backoff.next(lane, System.nanoTime());
    if (goAway != null) {
      targets.redirect(goAway.targets());
      if (goAway.retryMaxMillis() > 0) {
        wait = backoff.hinted(goAway.retryMinMillis(), goAway.retryMaxMillis());
      }
    }
    timer = loop.schedule(this::dial, wait, TimeUnit.NANOSECONDS);
  }

  /** TLS first; the connection follows when the server has proved itself. */
  private final class Secure extends ChannelInitializer<Channel> implements TlsListener {

    private final DialTarget target;

    Secure(DialTarget target) {
      this.target = target;
    }

    @Override
    protected void initChannel(Channel channel) {
      tls.get().dial(channel.pipeline(), target.host(), target.port(), this);
    }

    @Override
    public void secured(Channel secured, TlsPeer server) {
      Dialer.this.secured(secured, server);
    }

    @Override
    public void refused(Channel refused, HandshakeFailure failure) {
      security.refused(refused.remoteAddress(), failure);
      if (refused == channel) {
        failed(lane(failure), "no secure connection to " + target + ": " + failure.sentence());
      }
    }
  }

  /** Sees one connection from its greeting to its end. */
  private final class Watch implements ConnectionListener {

    private boolean wasUp;

    @Override
    public void hello(Connection ready, Hello server) {
      wasUp = true;
      up(ready, server);
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
    }
  }
}
