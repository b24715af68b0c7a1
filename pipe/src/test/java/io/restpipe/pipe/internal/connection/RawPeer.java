package io.restpipe.pipe.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.restpipe.event.EventProcessor;
import io.restpipe.event.Headers;
import io.restpipe.event.Verb;
import io.restpipe.pipe.internal.wire.CancelCode;
import io.restpipe.pipe.internal.wire.EventHead;
import io.restpipe.pipe.internal.wire.FrameReader;
import io.restpipe.pipe.internal.wire.FrameSink;
import io.restpipe.pipe.internal.wire.FrameWriter;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.pipe.internal.wire.Hello;
import io.restpipe.pipe.internal.wire.ProtocolException;
import io.restpipe.pipe.internal.wire.ReplyHead;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A dialing peer that says exactly what a test wants, and one connection that has to bear it. */
final class RawPeer extends ChannelInboundHandlerAdapter implements FrameSink, AutoCloseable {

  /** A frame that came; {@code what} is its text, for assertions. */
  record Frame(String type, int stream, int size, String what, boolean end) {}

  final Ends ends = new Ends();
  final Watcher watcher = new Watcher();
  final PipeConnection connection;
  final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();

  private final FrameReader reader = new FrameReader(this);
  private final CountDownLatch gone = new CountDownLatch(1);
  private ChannelHandlerContext ctx;

  /** Has not greeted yet. */
  RawPeer(ConnectionSettings settings, EventProcessor processor) throws Exception {
    connection = Pair.connection(settings, Role.ACCEPTOR, "raw", processor, watcher);
    ends.connect(pipeline -> pipeline.addLast(this), pipeline -> pipeline.addLast(connection));
  }

  static RawPeer greeted(ConnectionSettings settings, EventProcessor processor) throws Exception {
    return greeted(settings, processor, Pair.hello(ConnectionSettings.defaults()));
  }

  static RawPeer greeted(ConnectionSettings settings, EventProcessor processor, Hello hello)
      throws Exception {
    var peer = new RawPeer(settings, processor);
    peer.write(out -> FrameWriter.hello(out, hello));
    peer.next("HELLO");
    return peer;
  }

  void write(Consumer<ByteBuf> frames) {
    ByteBuf out = ctx.alloc().buffer();
    frames.accept(out);
    ctx.writeAndFlush(out);
  }

  void event(int stream, boolean end) {
    write(out -> event(out, stream, 20_000, end));
  }

  static void event(ByteBuf out, int stream, long timeoutMillis, boolean end) {
    FrameWriter.event(
        out,
        stream,
        new EventHead(
            "event-" + stream,
            Verb.POST,
            "noun",
            List.of(),
            "",
            Headers.empty(),
            "",
            end ? 0 : -1,
            timeoutMillis,
            false),
        end);
  }

  void reply(int stream, boolean end) {
    write(
        out ->
            FrameWriter.reply(
                out, stream, new ReplyHead(0, "", Headers.empty(), end ? 0 : -1), end));
  }

  void data(int stream, int size, boolean end) {
    write(
        out -> {
          FrameWriter.dataHeader(out, stream, size, end);
          out.writeZero(size);
        });
  }

  /** Waits until all that was written has gone to the network. */
  void flushed() throws InterruptedException {
    ctx.writeAndFlush(ctx.alloc().buffer(0)).await(20, TimeUnit.SECONDS);
  }

  void hangUp() {
    ctx.close();
  }

  /** From now on nothing is read. */
  void stopReading() {
    ctx.channel().config().setAutoRead(false);
  }

  /** The next frame of that type; others before it are dropped. */
  Frame next(String type) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() < end) {
      Frame frame = frames.poll(100, TimeUnit.MILLISECONDS);
      if (frame != null && frame.type.equals(type)) {
        return frame;
      }
    }
    throw new AssertionError("no " + type + " came");
  }

  boolean awaitGone() throws InterruptedException {
    return gone.await(20, TimeUnit.SECONDS);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    reader.read((ByteBuf) message);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    gone.countDown();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    context.close();
  }

  @Override
  public void hello(Hello hello) {
    frames.add(new Frame("HELLO", 0, 0, hello.instance(), false));
  }

  @Override
  public void event(int stream, EventHead head, boolean end) {
    frames.add(new Frame("EVENT", stream, 0, head.noun(), end));
  }

  @Override
  public void reply(int stream, ReplyHead head, boolean end) {
    frames.add(new Frame("REPLY", stream, 0, "" + head.code(), end));
  }

  @Override
  public void data(int stream, ByteBuf bytes, boolean end) {
    frames.add(new Frame("DATA", stream, bytes.readableBytes(), "", end));
    bytes.release();
  }

  @Override
  public void credit(int stream, int bytes) {
    frames.add(new Frame("CREDIT", stream, bytes, "", false));
  }

  @Override
  public void cancel(int stream, CancelCode code, String text) {
    frames.add(new Frame("CANCEL", stream, 0, code.name(), false));
  }

  @Override
  public void ping(long token) {
    frames.add(new Frame("PING", 0, 0, "" + token, false));
  }

  @Override
  public void pong(long token) {
    frames.add(new Frame("PONG", 0, 0, "" + token, false));
  }

  @Override
  public void goAway(GoAway goAway) throws ProtocolException {
    frames.add(
        new Frame("GOAWAY", goAway.lastStream(), 0, goAway.reason() + " " + goAway.text(), false));
  }

  /** Hangs up; the connection must end, and all buffers be back. */
  @Override
  public void close() throws Exception {
    ctx.close();
    watcher.awaitClosed();
    await().atMost(Pair.TIMEOUT).untilAsserted(() -> assertThat(ends.held()).isZero());
    ends.close();
  }
}
