package io.restpipe.pipe.internal.legacy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.restpipe.event.Event;
import io.restpipe.event.EventProcessor;
import io.restpipe.event.PeerInfo;
import io.restpipe.metrics.Metrics;
import io.restpipe.pipe.PipeException;
import io.restpipe.pipe.PipeException.Reason;
import io.restpipe.pipe.internal.connection.Call;
import io.restpipe.pipe.internal.connection.Connection;
import io.restpipe.pipe.internal.connection.ConnectionListener;
import io.restpipe.pipe.internal.connection.Meters;
import io.restpipe.pipe.internal.connection.PeerText;
import io.restpipe.pipe.internal.connection.ReplyReceiver;
import io.restpipe.pipe.internal.connection.Role;
import io.restpipe.pipe.internal.connection.WriteWatch;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.pipe.internal.wire.Hello;
import io.restpipe.pipe.internal.wire.ProtocolException;
import io.restpipe.pipe.internal.wire.V1Event;
import io.restpipe.pipe.internal.wire.V1Reader;
import io.restpipe.pipe.internal.wire.V1Reply;
import io.restpipe.pipe.internal.wire.V1Sink;
import io.restpipe.pipe.internal.wire.V1Writer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a peer of version 1: the last handler of a channel's pipeline, added once TLS
 * is up. Each frame is one write and one TLS record, since the peer may not see a second frame in a
 * record before something else comes.
 *
 * <p>All state belongs to the channel's event loop; the public methods may be called on any thread.
 */
public final class V1Connection extends ChannelInboundHandlerAdapter implements Connection {

  private static final Logger LOG = LoggerFactory.getLogger(V1Connection.class);

  /** What is known of its software. */
  static final String SOFTWARE = "RestPipe 0.2";

  private static final Duration LONGEST = Duration.ofDays(366);

  private enum State {
    /** Not let in yet; what the peer asks meanwhile waits. */
    NEW,
    OPEN,
    /** Takes nothing new, and finishes what runs. */
    DRAINING,
    CLOSED
  }

  private record Early(int id, V1Event event) {}

  private final V1Settings settings;
  private final Role role;
  private final Hello standIn;
  private final String peerName;
  private final EventProcessor processor;
  private final ConnectionListener listener;
  private final Meters meters;
  private final V1Reader reader;
  private final V1Calls calls;
  private final V1Events events;
  private final V1Heartbeat heartbeat;
  private final ArrayDeque<Early> early = new ArrayDeque<>();

  // From handlerAdded on.
  private ChannelHandlerContext ctx;
  private EventLoop loop;
  private WriteWatch writeWatch;
  private PeerInfo peer;

  private State state = State.NEW;
  private boolean heard;
  private boolean limited;

  /** Read by callers on any thread. */
  private volatile boolean accepting;

  /** Read by callers and metrics on any thread. */
  private volatile int inFlight;

  /**
   * A connection for one channel.
   *
   * @param epoch counts up with the connections of this node
   * @param peerName who the peer is by its certificate
   * @param processor takes what comes in, on the loop
   */
  @SuppressWarnings("NullAway.Init") // The rest is there from handlerAdded on.
  public V1Connection(
      V1Settings settings,
      Role role,
      long epoch,
      String peerName,
      EventProcessor processor,
      ConnectionListener listener,
      Metrics metrics) {
    this.settings = settings;
    this.role = role;
    this.peerName = peerName;
    this.processor = processor;
    this.listener = listener;
    this.meters = new Meters(metrics, role);
    this.standIn = standIn(epoch);
    this.reader = new V1Reader(new Frames(), settings.maxFrame());
    this.calls = new V1Calls(this);
    this.events = new V1Events(this);
    this.heartbeat = new V1Heartbeat(this, role, settings, meters);
  }

  /** A process of version 1 does not say which one it is: each connection counts as another. */
  private static Hello standIn(long epoch) {
    String instance = "v1-" + UUID.randomUUID();
    return new Hello(
        instance, epoch, SOFTWARE, List.of(), List.of(), Map.of(), 1, 0, 0, 0, List.of());
  }

  // Any thread.

  @Override
  public Call send(
      Event event, String id, Duration timeout, boolean resent, ReplyReceiver receiver) {
    long nanos = timeout.compareTo(LONGEST) < 0 ? timeout.toNanos() : LONGEST.toNanos();
    var call = new V1Call(this, event, nanos, receiver);
    receiver.calling(call);
    execute(call::start, call::abandon);
    return call;
  }

  @Override
  public PeerInfo peer() {
    return peer;
  }

  @Override
  public Hello theirs() {
    return standIn;
  }

  @Override
  public int inFlight() {
    return inFlight;
  }

  @Override
  public @Nullable Duration roundTrip() {
    long nanos = heartbeat.roundTrip();
    return nanos == 0 ? null : Duration.ofNanos(nanos);
  }

  @Override
  public boolean acceptsEvents() {
    return accepting;
  }

  @Override
  public void accept() {
    execute(this::open);
  }

  @Override
  public void drain(GoAway goAway) {
    execute(
        () -> {
          if (state == State.NEW || state == State.OPEN) {
            LOG.debug("{}: drains: {}", this, goAway.text());
            state = State.DRAINING;
            accepting = false;
            refuseEarly();
            countChanged();
          }
        });
  }

  /** The peer knows no farewell: the log has it. */
  @Override
  public void close(GoAway goAway) {
    execute(
        () -> {
          if (state != State.CLOSED) {
            LOG.info("{}: closing: {}: {}", this, goAway.reason(), goAway.text());
            end(null);
            ctx.close();
          }
        });
  }

  @Override
  public void probe(Duration timeout, Consumer<Boolean> answer) {
    execute(
        () -> {
          if (state == State.CLOSED) {
            answer.accept(false);
          } else {
            heartbeat.probe(timeout, answer);
          }
        },
        () -> answer.accept(false));
  }

  @Override
  public ChannelHandler handler() {
    return this;
  }

  @Override
  public EventLoop loop() {
    return loop;
  }

  /** The peer's name and the connection's id, as log lines begin. */
  @Override
  public String toString() {
    return peerName + " " + ctx.channel().id().asShortText();
  }

  void execute(Runnable action) {
    execute(action, () -> {});
  }

  private void execute(Runnable action, Runnable abandoned) {
    if (loop.inEventLoop()) {
      action.run();
      return;
    }
    try {
      loop.execute(action);
    } catch (RejectedExecutionException ended) {
      abandoned.run();
    }
  }

  // The channel; on the loop.

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
    loop = context.channel().eventLoop();
    writeWatch = new WriteWatch(context.channel(), settings.writeTimeout(), this::writeStalled);
    peer = describe();
    SslHandler tls = context.pipeline().get(SslHandler.class);
    if (tls != null) {
      tls.setWrapDataSize(0); // It would put several frames into one record.
    }
    heartbeat.start();
    if (role == Role.DIALER) {
      open();
    }
    listener.hello(this, standIn);
  }

  private PeerInfo describe() {
    InetSocketAddress address =
        ctx.channel().remoteAddress() instanceof InetSocketAddress remote
            ? remote
            : InetSocketAddress.createUnresolved("local", 0);
    return new PeerInfo(
        peerName, standIn.instance(), address, SOFTWARE, 1, Set.of(), Instant.now());
  }

  private void open() {
    if (state != State.NEW) {
      return;
    }
    state = State.OPEN;
    accepting = true;
    while (!early.isEmpty() && state == State.OPEN) {
      Early next = early.remove();
      events.received(next.id(), next.event());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      context.fireChannelRead(message);
      return;
    }
    if (state == State.CLOSED) {
      bytes.release();
      return;
    }
    heard = true;
    heartbeat.received();
    try {
      reader.read(bytes);
    } catch (ProtocolException violation) {
      LOG.warn(
          "{}: broke the protocol: {}: closing",
          this,
          PeerText.oneLine(String.valueOf(violation.getMessage())));
      listener.violated(this, violation);
      closeNow(violation);
    } catch (RuntimeException failure) {
      LOG.error("{}: failed: closing", this, failure);
      closeNow(failure);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (writable()) {
      calls.sendNext();
    }
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    LOG.debug("{}: broken: {}", this, failure.toString());
    closeNow(failure);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    String part = reader.incomplete();
    if (state != State.CLOSED && part != null) {
      LOG.warn("{}: closed the connection inside a frame: {}", this, part);
      end(new ProtocolException("closed the connection inside a frame: " + part));
    } else if (state != State.CLOSED && role == Role.DIALER && !heard) {
      end(
          new IOException(
              "the server closed the connection before it said anything; a server of RestPipe 0.2.11"
                  + " serves one client at a time: is another one connected to it?"));
    } else {
      end(null);
    }
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    end(null);
  }

  // What the peer sends; on the loop.

  private final class Frames implements V1Sink {

    @Override
    public void heartbeat(int id) {
      write(V1Writer.heartbeatReply(ctx.alloc(), id));
    }

    @Override
    public void heartbeatReply(int id) {
      heartbeat.answered(id);
    }

    @Override
    public void event(int id, V1Event event) {
      meters.received.increment();
      if (state != State.NEW) {
        events.received(id, event);
      } else if (early.size() < settings.maxRunning()) {
        early.add(new Early(id, event));
      } else {
        sendReply(id, V1Failure.reply("this node is not ready yet"));
      }
    }

    @Override
    public void reply(int id, V1Reply reply) {
      calls.replied(id, reply);
    }
  }

  private void refuseEarly() {
    while (!early.isEmpty()) {
      sendReply(early.remove().id(), V1Failure.reply("the node is shutting down"));
    }
  }

  // What we send; on the loop.

  void sendHeartbeat(int id) {
    write(V1Writer.heartbeat(ctx.alloc(), id));
  }

  void sendEvent(int id, V1Event event) {
    meters.sent.increment();
    write(V1Writer.event(ctx.alloc(), id, event));
  }

  void sendReply(int id, V1Reply reply) {
    write(V1Writer.reply(ctx.alloc(), id, reply));
  }

  private void write(ByteBuf frame) {
    if (state == State.CLOSED) {
      frame.release();
      return;
    }
    ctx.writeAndFlush(frame);
    writeWatch.wrote();
    ChannelOutboundBuffer waiting = ctx.channel().unsafe().outboundBuffer();
    if (waiting != null && waiting.totalPendingWriteBytes() > settings.maxUnsent()) {
      dead("takes what it asked for too slowly, " + settings.maxUnsent() + " bytes wait for it");
    }
  }

  boolean writable() {
    return state != State.CLOSED && ctx.channel().isWritable();
  }

  // The end; on the loop.

  void dead(String why) {
    LOG.warn("{}: {}: closing", this, why);
    closeNow(new IOException(why));
  }

  private void writeStalled() {
    dead("takes no bytes for " + settings.writeTimeout().toMillis() + " ms");
  }

  private void closeNow(@Nullable Throwable why) {
    end(why);
    ctx.close();
  }

  private void end(@Nullable Throwable cause) {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    accepting = false;
    heartbeat.stop();
    writeWatch.stop();
    reader.close();
    early.clear();
    calls.lose("connection lost" + (cause == null ? "" : ": " + cause.getMessage()));
    events.lose();
    LOG.debug("{}: closed", this);
    listener.closed(this, null, cause);
  }

  @Override
  public boolean closed() {
    return state == State.CLOSED;
  }

  /** The last of what a drained connection runs ends it. */
  void countChanged() {
    inFlight = calls.count() + events.count();
    if (state == State.DRAINING && inFlight == 0) {
      end(null);
      // Behind the last reply.
      ctx.writeAndFlush(ctx.alloc().buffer(0)).addListener(written -> ctx.close());
    }
  }

  // What the parts ask of the whole; on the loop.

  /**
   * Whether events can be sent.
   *
   * @throws PipeException if not, with the reason
   */
  void requireOpen() {
    switch (state) {
      case OPEN -> {}
      case NEW ->
          throw new PipeException(
              Reason.NOT_CONNECTED, "the connection to " + peerName + " is not ready yet");
      case DRAINING ->
          throw new PipeException(
              Reason.DRAINING, "the connection to " + peerName + " is going away");
      case CLOSED ->
          throw new PipeException(
              Reason.CONNECTION_LOST, "the connection to " + peerName + " is closed");
    }
  }

  boolean draining() {
    return state == State.DRAINING;
  }

  /** Whether an id stands for anything that is under way. */
  boolean isUsed(int id) {
    return calls.isOpen(id)
        || events.isOpen(id)
        || heartbeat.isOpen(id)
        || early.stream().anyMatch(one -> one.id() == id);
  }

  void dropped(int id) {
    LOG.debug("{}: dropped a reply to no request: {}", this, Integer.toUnsignedString(id));
  }

  /** The first time only: a peer may go on for long. */
  void limitHit(String limit) {
    if (!limited) {
      limited = true;
      LOG.warn("{}: {}", this, limit);
      listener.limitHit(this, limit);
    }
  }

  void duplicate(int id) {
    LOG.debug("{}: dropped an event that runs already: {}", this, Integer.toUnsignedString(id));
  }

  void answered(long nanos) {
    meters.answered.recordNanos(nanos);
  }

  void handled(long nanos) {
    meters.handled.recordNanos(nanos);
  }

  void callbackFailed(String what, Throwable failure) {
    LOG.error("{}: failed: {}", this, what, failure);
  }

  String name() {
    return peerName;
  }

  V1Settings settings() {
    return settings;
  }

  EventProcessor processor() {
    return processor;
  }

  V1Calls calls() {
    return calls;
  }

  V1Events events() {
    return events;
  }
}
