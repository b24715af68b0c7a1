package io.restpipe.examples.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.restpipe.pipe.internal.wire.CancelCode;
import io.restpipe.pipe.internal.wire.EventHead;
import io.restpipe.pipe.internal.wire.FrameReader;
import io.restpipe.pipe.internal.wire.FrameSink;
import io.restpipe.pipe.internal.wire.FrameWriter;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.pipe.internal.wire.Hello;
import io.restpipe.pipe.internal.wire.ProtocolException;
import io.restpipe.pipe.internal.wire.ReplyHead;
import org.jspecify.annotations.Nullable;

/**
 * One end of the bare connection that the pipe is compared with: the same frames over the same TLS,
 * one flush per batch that was read, and nothing else. On the event loop.
 */
abstract class RawConnection extends ChannelInboundHandlerAdapter implements FrameSink {

  private static final int BATCH_BYTES = 16 * 1024;

  /** A body piece below this size is copied into the batch; a larger one is written as it is. */
  private static final int COPY_BELOW = 4 * 1024;

  private final FrameReader reader = new FrameReader(this);
  private @Nullable ChannelHandlerContext context;
  private @Nullable ByteBuf batch;

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  final ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return context;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws ProtocolException {
    reader.read((ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    flush();
  }

  /** Where the next frame is to be appended. */
  final ByteBuf batch() {
    if (batch == null) {
      batch = context().alloc().directBuffer(BATCH_BYTES);
    }
    return batch;
  }

  /** Appends a DATA frame; takes over the bytes. */
  final void data(int stream, boolean end, ByteBuf bytes) {
    FrameWriter.dataHeader(batch(), stream, bytes.readableBytes(), end);
    if (bytes.readableBytes() < COPY_BELOW) {
      batch().writeBytes(bytes);
      bytes.release();
    } else {
      writeBatch();
      context().write(bytes, context().voidPromise());
    }
    if (batch != null && batch.readableBytes() >= BATCH_BYTES) {
      writeBatch();
    }
  }

  private void writeBatch() {
    if (batch != null) {
      context().write(batch, context().voidPromise());
      batch = null;
    }
  }

  final void flush() {
    writeBatch();
    context().flush();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (batch != null) {
      batch.release();
      batch = null;
    }
    reader.close();
  }

  @Override
  public void event(int stream, EventHead head, boolean end) throws ProtocolException {
    throw unexpected("EVENT");
  }

  @Override
  public void reply(int stream, ReplyHead head, boolean end) throws ProtocolException {
    throw unexpected("REPLY");
  }

  @Override
  public void hello(Hello hello) throws ProtocolException {
    throw unexpected("HELLO");
  }

  @Override
  public void credit(int stream, int bytes) throws ProtocolException {
    throw unexpected("CREDIT");
  }

  @Override
  public void cancel(int stream, CancelCode code, String text) throws ProtocolException {
    throw unexpected("CANCEL");
  }

  @Override
  public void ping(long token) throws ProtocolException {
    throw unexpected("PING");
  }

  @Override
  public void pong(long token) throws ProtocolException {
    throw unexpected("PONG");
  }

  @Override
  public void goAway(GoAway goAway) throws ProtocolException {
    throw unexpected("GOAWAY");
  }

  private static ProtocolException unexpected(String frame) {
    return new ProtocolException(frame + " is not part of the bare echo");
  }
}
