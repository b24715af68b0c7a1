package io.restpipe.examples.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.restpipe.event.Headers;
import io.restpipe.event.Verb;
import io.restpipe.pipe.internal.wire.EventHead;
import io.restpipe.pipe.internal.wire.FrameWriter;
import io.restpipe.pipe.internal.wire.ReplyHead;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The calling end of the bare connection. Calls wait while the connection is not writable. */
final class RawCaller extends RawConnection implements Caller {

  private static final long TIMEOUT_MILLIS = 30_000;
  private static final String MIME_TYPE = "application/octet-stream";

  /** A call under way; its stream is its place in {@link #calls}, and free again at its end. */
  private static final class Call {
    private final int stream;
    private Completion completion;
    private long bytes;

    Call(int stream, Completion completion) {
      this.stream = stream;
      this.completion = completion;
    }
  }

  private final List<Call> calls = new ArrayList<>();
  private final ArrayDeque<Call> free = new ArrayDeque<>();
  private final ArrayDeque<Completion> waiting = new ArrayDeque<>();
  private volatile ByteBuf body = Unpooled.EMPTY_BUFFER;
  private long ids;
  private boolean flushing;

  @Override
  public void payload(byte[] payload) {
    body = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(payload));
  }

  @Override
  public void call(Completion completion) {
    if (context().executor().inEventLoop()) {
      send(completion);
    } else {
      context().executor().execute(() -> sendAndFlush(completion));
    }
  }

  private void sendAndFlush(Completion completion) {
    send(completion);
    flush();
  }

  private void send(Completion completion) {
    Channel channel = context().channel();
    if (!channel.isActive()) {
      completion.failed(new IllegalStateException("connection is closed"));
    } else if (channel.isWritable()) {
      write(begun(completion));
    } else {
      waiting.add(completion);
    }
  }

  private Call begun(Completion completion) {
    Call call = free.poll();
    if (call == null) {
      call = new Call(calls.size() + 1, completion);
      calls.add(call);
    }
    call.completion = completion;
    call.bytes = 0;
    return call;
  }

  private void write(Call call) {
    int length = body.readableBytes();
    var head =
        new EventHead(
            "benchmark-" + ids++,
            Verb.POST,
            "echo",
            List.of(),
            "",
            Headers.empty(),
            MIME_TYPE,
            length,
            TIMEOUT_MILLIS,
            false);
    FrameWriter.event(batch(), call.stream, head, length == 0);
    for (int at = 0; at < length; at += FrameWriter.MAX_DATA_BYTES) {
      int count = Math.min(length - at, FrameWriter.MAX_DATA_BYTES);
      data(call.stream, at + count == length, body.slice(at, count));
    }
  }

  @Override
  public void reply(int stream, ReplyHead head, boolean end) {
    if (end) {
      finish(calls.get(stream - 1));
    }
  }

  @Override
  public void data(int stream, ByteBuf bytes, boolean end) {
    Call call = calls.get(stream - 1);
    call.bytes += bytes.readableBytes();
    bytes.release();
    if (end) {
      finish(call);
    }
  }

  private void finish(Call call) {
    free.push(call);
    call.completion.done(call.bytes);
  }

  /** Flushing can make the channel writable again and so lead back here; the outer loop goes on. */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (flushing) {
      return;
    }
    flushing = true;
    try {
      while (ctx.channel().isWritable() && !waiting.isEmpty()) {
        while (ctx.channel().isWritable() && !waiting.isEmpty()) {
          write(begun(waiting.poll()));
        }
        flush();
      }
    } finally {
      flushing = false;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    super.channelInactive(ctx);
    var closed = new IllegalStateException("connection is closed");
    for (Call call : calls) {
      if (!free.contains(call)) {
        call.completion.failed(closed);
      }
    }
    waiting.forEach(completion -> completion.failed(closed));
    waiting.clear();
  }

  @Override
  public void close() {
    context().close().syncUninterruptibly();
  }
}
