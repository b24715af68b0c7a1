package io.restpipe.pipe.internal.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets a peer that is refused hear why. With TLS 1.3 its first data are already on their way; a
 * socket that is closed over unread data is reset, and the reset overtakes the alert. So the output
 * is shut first, and what still comes is dropped until the peer closes, for a second at most.
 */
final class RefusalLinger extends ChannelDuplexHandler {

  private static final long MAX_MILLIS = 1000;
  private static final int MAX_BYTES = 256 * 1024;

  private @Nullable ScheduledFuture<?> end;
  private int dropped;

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (end != null || !ctx.channel().isActive() || !(ctx.channel() instanceof DuplexChannel io)) {
      ctx.close(promise);
      return;
    }
    io.shutdownOutput();
    ctx.channel().config().setAutoRead(true);
    ScheduledFuture<?> latest =
        ctx.executor().schedule(() -> ctx.close(), MAX_MILLIS, TimeUnit.MILLISECONDS);
    end = latest;
    ctx.channel()
        .closeFuture()
        .addListener(
            closed -> {
              latest.cancel(false);
              promise.trySuccess();
            });
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (end == null) {
      ctx.fireChannelRead(message);
      return;
    }
    dropped += message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
    ReferenceCountUtil.release(message);
    if (dropped > MAX_BYTES) {
      ctx.close();
    }
  }
}
