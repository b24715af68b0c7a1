package io.restpipe.pipe.internal.enroll;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.restpipe.pipe.internal.enroll.Messages.MalformedException;
import io.restpipe.security.Enrollment;
import io.restpipe.security.EnrollmentException;
import io.restpipe.security.EnrollmentException.Reason;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accepting end of {@code restpipe-join/1}: one message with a token and a request comes, one
 * with the answer goes, and the connection ends. Each message has its length before it (u32).
 */
final class JoinHandler extends SimpleChannelInboundHandler<ByteBuf> {

  private static final Logger LOG = LoggerFactory.getLogger(JoinHandler.class);

  private static final int LENGTH_BYTES = 4;

  /** From the end of the handshake to the answer. */
  private static final int SECONDS = 20;

  private final Enrollment enrollment;
  private final Executor blocking;
  private final JoinSecurity security;
  private final JoinRefusals refusals;
  private final AtomicInteger open;
  private @Nullable Future<?> deadline;
  private boolean asked;

  private JoinHandler(
      Enrollment enrollment,
      Executor blocking,
      JoinSecurity security,
      JoinRefusals refusals,
      AtomicInteger open) {
    this.enrollment = enrollment;
    this.blocking = blocking;
    this.security = security;
    this.refusals = refusals;
    this.open = open;
  }

  /**
   * Puts it into the pipeline of a connection whose handshake is done.
   *
   * @param open counts the connections that have one
   */
  static void add(
      ChannelPipeline pipeline,
      Enrollment enrollment,
      Executor blocking,
      JoinSecurity security,
      JoinRefusals refusals,
      AtomicInteger open) {
    pipeline
        .addLast(
            "join-frames",
            new LengthFieldBasedFrameDecoder(Messages.MAX_BYTES, 0, LENGTH_BYTES, 0, LENGTH_BYTES))
        .addLast("join", new JoinHandler(enrollment, blocking, security, refusals, open));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    open.incrementAndGet();
    Channel channel = ctx.channel();
    deadline = ctx.executor().schedule(() -> late(channel), SECONDS, TimeUnit.SECONDS);
    channel.closeFuture().addListener(closed -> ended());
  }

  private void late(Channel channel) {
    security.limitHit(channel, SECONDS + " seconds to join");
    channel.close();
  }

  private void ended() {
    open.decrementAndGet();
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, ByteBuf message) {
    if (asked) {
      ctx.close();
      return;
    }
    asked = true;
    byte[] bytes = ByteBufUtil.getBytes(message);
    try {
      blocking.execute(() -> answer(ctx, bytes));
    } catch (RejectedExecutionException busy) {
      security.limitHit(ctx.channel(), "requests to join that wait for a thread");
      send(ctx.channel(), Messages.refusal(tooMany()));
    }
  }

  static EnrollmentException tooMany() {
    return new EnrollmentException(
        Reason.TOO_MANY_REQUESTS, "too many machines join at once; try again in a minute");
  }

  private void answer(ChannelHandlerContext ctx, byte[] message) {
    InetSocketAddress from =
        ctx.channel().remoteAddress() instanceof InetSocketAddress address ? address : null;
    try {
      Messages.Wish wish = Messages.Wish.toJoin(message);
      var issued = enrollment.join(wish.token(), wish.request(), from);
      LOG.info("{} joined from {}", issued.certificate().getSubjectX500Principal().getName(), from);
      send(ctx.channel(), Messages.answer(issued));
    } catch (MalformedException malformed) {
      security.malformed(ctx.channel(), String.valueOf(malformed.getMessage()));
      refuse(
          ctx,
          new EnrollmentException(
              Reason.REQUEST_MALFORMED, "the request can't be read: " + malformed.getMessage()));
    } catch (EnrollmentException refused) {
      refuse(ctx, refused);
    } catch (RuntimeException failure) {
      LOG.error("a machine at {} could not join", from, failure);
      send(
          ctx.channel(),
          Messages.refusal(
              new EnrollmentException(Reason.UNAVAILABLE, "the server failed; its log says how")));
    }
  }

  private void refuse(ChannelHandlerContext ctx, EnrollmentException refused) {
    refusals.refused(ctx.channel(), String.valueOf(refused.getMessage()));
    send(ctx.channel(), Messages.refusal(refused));
  }

  static void send(Channel channel, byte[] message) {
    ByteBuf frame = channel.alloc().buffer(LENGTH_BYTES + message.length);
    frame.writeInt(message.length).writeBytes(message);
    channel.writeAndFlush(frame).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.debug("a join was broken off: {}", cause.toString());
    if (cause instanceof DecoderException) {
      security.malformed(ctx.channel(), String.valueOf(cause.getMessage()));
    }
    ctx.close();
  }
}
