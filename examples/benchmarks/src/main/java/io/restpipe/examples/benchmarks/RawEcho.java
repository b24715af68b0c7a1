package io.restpipe.examples.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.restpipe.event.Headers;
import io.restpipe.pipe.internal.wire.EventHead;
import io.restpipe.pipe.internal.wire.FrameWriter;
import io.restpipe.pipe.internal.wire.ReplyHead;

/** The answering end of the bare connection: sends every body back as it comes. */
final class RawEcho extends RawConnection {

  @Override
  public void event(int stream, EventHead head, boolean end) {
    var reply = new ReplyHead(0, head.mimeType(), Headers.empty(), head.bodyLength());
    FrameWriter.reply(batch(), stream, reply, end);
  }

  @Override
  public void data(int stream, ByteBuf bytes, boolean end) {
    data(stream, end, bytes);
  }

  /** What the caller does not take in is not read either: it always reads, so this ends. */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    ctx.channel().config().setAutoRead(ctx.channel().isWritable());
  }
}
