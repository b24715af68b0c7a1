package io.restpipe.gateway;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Says one thing to a caller and ends the connection. The first bytes of its request are awaited,
 * since a socket closed before them resets the connection, and the caller may not hear what was
 * said.
 */
final class TurnedAway extends ChannelInboundHandlerAdapter {

  private static final long PATIENCE_SECONDS = 2;

  private final String response;
  private boolean answered;

  TurnedAway(String response) {
    this.response = response;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.executor().schedule(() -> answer(ctx), PATIENCE_SECONDS, TimeUnit.SECONDS);
    ctx.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message);
    answer(ctx);
  }

  private void answer(ChannelHandlerContext ctx) {
    if (!answered && ctx.channel().isActive()) {
      answered = true;
      ctx.writeAndFlush(Unpooled.copiedBuffer(response, StandardCharsets.UTF_8))
          .addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
    ctx.close();
  }
}
