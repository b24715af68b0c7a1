package io.restpipe.pipe.internal.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import io.restpipe.pipe.internal.tls.TlsPort.RefusalListener;
import io.restpipe.security.NodeRole;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a caller's ClientHello, in however many pieces it comes, and makes way for the TLS that
 * the port has for it.
 */
final class ClientHelloHandler extends SslClientHelloHandler<ClientHelloHandler.Choice> {

  /** With the keys of post-quantum groups it has less than 3 KiB. */
  private static final int MAX_BYTES = 16 * 1024;

  /** A TLS record: fatal alert 120, no_application_protocol (RFC 7301 section 3.2). */
  private static final byte[] NO_APPLICATION_PROTOCOL = {21, 3, 3, 0, 2, 2, 120};

  private final TlsPort port;
  private final RefusalListener refusals;
  private final long started = System.nanoTime();
  private @Nullable ScheduledFuture<?> timeout;
  private boolean done;

  ClientHelloHandler(TlsPort port, RefusalListener refusals) {
    super(MAX_BYTES);
    this.port = port;
    this.refusals = refusals;
  }

  /** What to do with the caller. */
  sealed interface Choice {

    record Go(PortProtocol protocol) implements Choice {}

    record Refuse(HandshakeFailure why) implements Choice {}
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    timeout =
        ctx.executor()
            .schedule(
                () -> refuse(ctx, new SslHandshakeTimeoutException("no ClientHello")),
                TlsContexts.HANDSHAKE_TIMEOUT.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (done) {
      in.skipBytes(in.readableBytes());
    } else {
      super.decode(ctx, in, out);
    }
  }

  /** {@code hello}: null where what came is no ClientHello. */
  @Override
  protected Future<Choice> lookup(ChannelHandlerContext ctx, @Nullable ByteBuf hello) {
    return ctx.executor().newSucceededFuture(choose(hello));
  }

  private Choice choose(@Nullable ByteBuf hello) {
    if (hello == null) {
      return new Choice.Go(port.first());
    }
    try {
      List<String> offered = ClientHelloReader.protocols(hello);
      return port.choose(offered)
          .<Choice>map(Choice.Go::new)
          .orElseGet(() -> new Choice.Refuse(port.refusal(offered)));
    } catch (DecoderException malformed) {
      return new Choice.Go(port.first());
    }
  }

  @Override
  protected void onLookupComplete(ChannelHandlerContext ctx, Future<Choice> chosen) {
    if (done) {
      return;
    }
    Choice choice = chosen.getNow();
    if (choice instanceof Choice.Go go) {
      settle();
      secure(ctx, go.protocol());
    } else if (choice instanceof Choice.Refuse refuse) {
      ctx.writeAndFlush(Unpooled.wrappedBuffer(NO_APPLICATION_PROTOCOL));
      refuse(ctx, refuse.why());
    }
  }

  private void secure(ChannelHandlerContext ctx, PortProtocol protocol) {
    long spent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
    long left = Math.max(1, TlsContexts.HANDSHAKE_TIMEOUT.toMillis() - spent);
    SslHandler tls = port.handler(protocol, ctx.channel(), left);
    var handshake =
        new HandshakeHandler(
            tls,
            NodeRole.CLIENT,
            agreed -> TlsPort.isNamed(protocol.name(), agreed),
            protocol.secured(),
            refusals);
    ctx.pipeline().addAfter(ctx.name(), "handshake", handshake);
    // What was read of the handshake goes to the new one.
    ctx.pipeline().replace(this, "tls", tls);
  }

  /** Whether this is the first outcome. */
  private boolean settle() {
    boolean first = !done;
    done = true;
    if (timeout != null) {
      timeout.cancel(false);
    }
    return first;
  }

  private void refuse(ChannelHandlerContext ctx, Throwable cause) {
    refuse(ctx, HandshakeFailure.of(cause, NodeRole.CLIENT));
  }

  private void refuse(ChannelHandlerContext ctx, HandshakeFailure failure) {
    if (settle()) {
      refusals.refused(ctx.channel(), failure);
    }
    ctx.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause.getCause() instanceof TooLongFrameException
        || cause instanceof TooLongFrameException) {
      refuse(ctx, HandshakeFailure.helloTooLarge(MAX_BYTES));
    } else {
      refuse(ctx, cause);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    if (!done) {
      refuse(ctx, HandshakeFailure.closed(NodeRole.CLIENT));
    }
    super.channelInactive(ctx);
  }
}
