package io.restpipe.pipe.internal.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.restpipe.event.Event;
import io.restpipe.event.EventProcessor;
import io.restpipe.event.PeerInfo;
import io.restpipe.metrics.Metrics;
import io.restpipe.pipe.PipeException;
import io.restpipe.pipe.internal.wire.FrameReader;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.pipe.internal.wire.Hello;
import io.restpipe.pipe.internal.wire.Limits;
import io.restpipe.pipe.internal.wire.ProtocolException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One multiplexed connection: the last handler of a channel's pipeline, behind TLS. Events and
 * replies go both ways, many at once, as {@code docs/protocol.md} says.
 *
 * <p>All state belongs to the channel's event loop. The public methods may be called on any thread:
 * on the loop they act at once, from elsewhere they are brought there through one queue.
 */
public final class PipeConnection extends ChannelInboundHandlerAdapter implements Connection {

  private static final Logger LOG = LoggerFactory.getLogger(PipeConnection.class);

  /** A longer timeout is taken as this one. */
  private static final Duration LONGEST = Duration.ofMillis(Limits.TIMEOUT_MILLIS);

  private static final long CREDIT_PATIENCE = TimeUnit.MILLISECONDS.toNanos(200);

  private enum State {
    /** TLS is not up yet. */
    NEW,
    /** One HELLO or both are missing. */
    GREETING,
    OPEN,
    /** All is said; what still comes is ignored. */
    CLOSING,
    CLOSED
  }

  private final ConnectionSettings settings;
  private final Role role;
  private final Hello ours;
  private final String peerName;
  private final EventProcessor processor;
  private final ConnectionListener listener;
  private final Meters meters;
  private final FrameReader reader = new FrameReader(new InboundFrames(this));
  private final ControlFrames control;
  private final Streams streams;
  private final Farewell farewell;
  private final ReceiveWindow window;
  private final List<Stream> undelivered = new ArrayList<>();

  // From handlerAdded on.
  private ChannelHandlerContext ctx;
  private EventLoop loop;
  private LoopQueue queue;
  private Outgoing out;
  private FrameScheduler scheduler;
  private DeadlineWheel deadlines;
  private Heartbeat heartbeat;
  private WriteWatch writeWatch;
  private Greeting greeting;

  private State state = State.NEW;
  private @Nullable Throwable cause;

  /** Read by callers on any thread. */
  private volatile boolean accepting;

  /** Read by callers and metrics on any thread. */
  private volatile int inFlight;

  /**
   * @param ours what we tell the peer; its bounds are those that we hold it to
   * @param peerName who the peer is by its certificate
   * @param processor takes what comes in, on the loop
   */
  @SuppressWarnings("NullAway.Init") // The rest is there from handlerAdded on.
  public PipeConnection(
      ConnectionSettings settings,
      Role role,
      Hello ours,
      String peerName,
      EventProcessor processor,
      ConnectionListener listener,
      Metrics metrics) {
    this.settings = settings;
    this.role = role;
    this.ours = ours;
    this.peerName = peerName;
    this.processor = processor;
    this.listener = listener;
    this.meters = new Meters(metrics, role);
    this.control = new ControlFrames(ours.maxStreams());
    this.streams = new Streams(this, role, ours.maxStreams(), settings.maxWaiting());
    this.farewell = new Farewell(this, streams);
    this.window =
        new ReceiveWindow(ours.connectionCredit(), ours.connectionCredit(), System.nanoTime());
  }

  // Any thread.

  @Override
  public Call send(
      Event event, String id, Duration timeout, boolean resent, ReplyReceiver receiver) {
    long nanos = timeout.compareTo(LONGEST) < 0 ? timeout.toNanos() : LONGEST.toNanos();
    var call = new OutboundCall(this, event, id, nanos, resent, receiver);
    receiver.calling(call);
    submit(call);
    return call;
  }

  @Override
  public PeerInfo peer() {
    return greeting.peer();
  }

  @Override
  public Hello theirs() {
    Hello hello = greeting.theirs();
    if (hello == null) {
      throw new IllegalStateException("no HELLO has come yet");
    }
    return hello;
  }

  @Override
  public int inFlight() {
    return inFlight;
  }

  @Override
  public @Nullable Duration roundTrip() {
    long nanos = roundTripNanos();
    return nanos == 0 ? null : Duration.ofNanos(nanos);
  }

  @Override
  public boolean acceptsEvents() {
    return accepting;
  }

  @Override
  public void accept() {
    execute(this::acceptOnLoop);
  }

  @Override
  public void drain(GoAway goAway) {
    execute(() -> farewell.drain(goAway));
  }

  @Override
  public void close(GoAway goAway) {
    execute(() -> farewell.close(goAway));
  }

  @Override
  public void probe(Duration timeout, Consumer<Boolean> answer) {
    execute(() -> heartbeat.probe(timeout, answer), () -> answer.accept(false));
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

  /** Runs a task now if this is the loop, else brings it there. */
  void submit(LoopTask task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      queue.add(task);
    }
  }

  /** Brings a task to the loop behind those that are on their way there. */
  void bring(LoopTask task) {
    queue.add(task);
  }

  void execute(Runnable action) {
    execute(action, () -> {});
  }

  void execute(Runnable action, Runnable abandoned) {
    if (loop.inEventLoop()) {
      action.run();
      return;
    }
    queue.add(LoopTask.of(action, abandoned));
  }

  // The channel; on the loop.

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    Channel channel = context.channel();
    ctx = context;
    loop = channel.eventLoop();
    out = new Outgoing(context, new Headroom(channel, settings.writeBuffer(), System::nanoTime));
    writeWatch = new WriteWatch(channel, settings.writeTimeout(), this::writeStalled);
    scheduler = new FrameScheduler(loop, out, control, writeWatch);
    queue = new LoopQueue(loop, scheduler::beginBatch, scheduler::endBatch, this::broken);
    deadlines = new DeadlineWheel(loop, System::nanoTime);
    heartbeat =
        new Heartbeat(
            loop,
            settings.heartbeatInterval(),
            settings.heartbeatTimeout(),
            control,
            meters,
            scheduler::wake,
            this::peerDead);
    greeting = new Greeting(channel, ours, peerName, settings.helloTimeout());
    if (channel.isActive()) {
      startWhenSecure();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    greeting.connected(context.channel());
    startWhenSecure();
    context.fireChannelActive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
      start();
    }
    context.fireUserEventTriggered(event);
  }

  private void startWhenSecure() {
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    if (tls == null || tls.handshakeFuture().isSuccess()) {
      start();
    }
  }

  private void start() {
    if (state != State.NEW) {
      return;
    }
    state = State.GREETING;
    greeting.await(ctx.channel(), this::helloMissing);
    if (role == Role.DIALER) {
      greeting.say(out);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      context.fireChannelRead(message);
      return;
    }
    if (closing()) {
      bytes.release();
      return;
    }
    heartbeat.received(System.nanoTime());
    scheduler.beginBatch();
    try {
      reader.read(bytes);
    } catch (ProtocolException violation) {
      protocolBroken(violation);
    } catch (RuntimeException failure) {
      broken(failure);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    for (int i = 0; i < undelivered.size(); i++) {
      undelivered.get(i).deliverNow();
    }
    undelivered.clear();
    scheduler.endBatch();
    context.fireChannelReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable()) {
      scheduler.writable();
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
    end();
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    end();
  }

  // Greetings; on the loop.

  void helloReceived(Hello hello) throws ProtocolException {
    if (closing()) {
      return;
    }
    greeting.received(ctx.channel(), hello);
    LOG.debug("{}: greeted by {} {}", this, hello.software(), hello.instance());
    if (role == Role.DIALER) {
      ready(hello);
    }
    listener.hello(this, hello);
  }

  private void acceptOnLoop() {
    Hello hello = greeting.theirs();
    if (state != State.GREETING || role != Role.ACCEPTOR || hello == null) {
      return;
    }
    greeting.say(out);
    ready(hello);
  }

  private void ready(Hello hello) {
    state = State.OPEN;
    streams.peerAllows(hello.maxStreams());
    scheduler.open(hello.connectionCredit());
    accepting = farewell.received() == null;
    heartbeat.start();
  }

  // The end; on the loop.

  private void helloMissing() {
    String what = "no HELLO within " + settings.helloTimeout().toMillis() + " ms";
    LOG.warn("{}: {}: closing", this, what);
    closeNow(new ProtocolException(what));
  }

  private void peerDead() {
    LOG.warn("{}: silent for {}: closing", this, settings.heartbeatTimeout());
    closeNow(new IOException("silent for " + settings.heartbeatTimeout().toMillis() + " ms"));
  }

  private void writeStalled() {
    LOG.warn("{}: takes no bytes for {}: closing", this, settings.writeTimeout());
    closeNow(new IOException("takes no bytes for " + settings.writeTimeout()));
  }

  private void protocolBroken(ProtocolException violation) {
    LOG.warn(
        "{}: broke the protocol: {}: closing",
        this,
        PeerText.oneLine(String.valueOf(violation.getMessage())));
    cause = violation;
    listener.violated(this, violation);
    farewell.close(
        Farewell.of(GoAway.Reason.PROTOCOL_ERROR, String.valueOf(violation.getMessage())));
  }

  /** The peer wants more at once than it may; it is told, and the connection goes on. */
  void limitHit(String limit) {
    listener.limitHit(this, limit);
  }

  /** A defect of ours: nothing is known of the state any more. */
  private void broken(Throwable failure) {
    LOG.error("{}: failed: closing", this, failure);
    closeNow(failure);
  }

  void replyBroken(@Nullable Event event, Throwable failure) {
    LOG.warn("{}: the body of the reply to {} broke off", this, event, failure);
  }

  void callbackFailed(String what, Throwable failure) {
    LOG.error("{}: failed: {}", this, what, failure);
  }

  /** Ends without a word; streams and listener hear of it before the channel is gone. */
  void closeNow(@Nullable Throwable why) {
    if (cause == null) {
      cause = why;
    }
    end();
    ctx.close();
  }

  /** All is said; what still comes is ignored. */
  void beginClosing() {
    state = State.CLOSING;
    accepting = false;
    scheduler.stop();
    heartbeat.stop();
    greeting.stopWaiting();
    undelivered.clear();
  }

  void loseStreams(String why) {
    streams.lose(why);
    scheduler.close();
  }

  private void end() {
    if (state == State.CLOSED) {
      return;
    }
    beginClosing();
    state = State.CLOSED;
    writeWatch.stop();
    GoAway received = farewell.received();
    Throwable broken = cause;
    loseStreams(
        received == null
            ? "connection lost" + (broken == null ? "" : ": " + broken.getMessage())
            : "the peer went away: " + received.reason() + " " + received.text());
    out.close();
    reader.close();
    LOG.debug("{}: closed", this);
    listener.closed(this, received, broken);
  }

  /** The number of events under way has changed; the last one of a drained connection ends it. */
  void countChanged() {
    assert loop.inEventLoop() : "not on the loop";
    inFlight = streams.inFlight();
    if (inFlight == 0) {
      farewell.idle();
    }
  }

  void stopAccepting() {
    accepting = false;
  }

  // What the parts ask of the whole; on the loop.

  boolean greeted() {
    return greeting.theirs() != null;
  }

  boolean open() {
    return state == State.OPEN;
  }

  /** Whether frames may be written at all. */
  boolean secure() {
    return state != State.NEW;
  }

  @Override
  public boolean closed() {
    return state == State.CLOSED;
  }

  boolean closing() {
    return state == State.CLOSING || state == State.CLOSED;
  }

  PipeException.Reason refusalReason() {
    return switch (state) {
      case NEW, GREETING -> PipeException.Reason.NOT_CONNECTED;
      case OPEN -> PipeException.Reason.DRAINING;
      case CLOSING, CLOSED -> PipeException.Reason.CONNECTION_LOST;
    };
  }

  String refusalText() {
    return switch (state) {
      case NEW, GREETING -> "the connection to " + peerName + " is not ready yet";
      case OPEN -> "the connection to " + peerName + " is going away";
      case CLOSING, CLOSED -> "the connection to " + peerName + " is closed";
    };
  }

  void usedUp() {
    farewell.drain(Farewell.of(GoAway.Reason.DRAINING, "stream numbers are used up"));
  }

  /** Delivers at the end of this read, or before if the body is complete. */
  void deliverLater(Stream stream) {
    undelivered.add(stream);
  }

  /** The peer has sent bytes of body. */
  void take(int bytes) throws ProtocolException {
    window.take(bytes, "the connection");
  }

  /** Bytes of body are not held any more. */
  void read(int bytes) {
    if (bytes > 0) {
      int more =
          window.read(bytes, System.nanoTime(), 0, CREDIT_PATIENCE, ours.connectionCredit() / 16);
      if (more > 0) {
        control.connectionCredit(more);
        wake();
      }
    }
  }

  void wake() {
    scheduler.wake();
  }

  ReceiveWindow newStreamWindow() {
    // One stream must not be able to keep all of the connection's credit from the others.
    return new ReceiveWindow(ours.streamCredit(), ours.connectionCredit() / 2, System.nanoTime());
  }

  int initialSendCredit() {
    return theirs().streamCredit();
  }

  long roundTripNanos() {
    return heartbeat.roundTrip();
  }

  EventProcessor processor() {
    return processor;
  }

  ConnectionListener listener() {
    return listener;
  }

  Farewell farewell() {
    return farewell;
  }

  Outgoing out() {
    return out;
  }

  Meters meters() {
    return meters;
  }

  ControlFrames control() {
    return control;
  }

  FrameScheduler scheduler() {
    return scheduler;
  }

  Streams streams() {
    return streams;
  }

  DeadlineWheel deadlines() {
    return deadlines;
  }

  Heartbeat heartbeat() {
    return heartbeat;
  }
}
