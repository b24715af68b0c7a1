package io.restpipe.pipe.internal.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.restpipe.pipe.internal.tls.TlsPort.RefusalListener;
import io.restpipe.security.NodeRole;
import java.security.cert.CertificateException;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Waits for the end of the handshake, looks at what was agreed, tells the listener, and leaves. */
final class HandshakeHandler extends ChannelInboundHandlerAdapter {

  static final String LINGER = "refusal-linger";

  private final SslHandler tls;
  private final NodeRole peer;
  private final Predicate<@Nullable String> expected;
  private final Secured next;
  private final RefusalListener refusals;
  private boolean secured;
  private boolean refused;

  /**
   * @param expected whether the protocol that was agreed (null: none) is the right one
   */
  HandshakeHandler(
      SslHandler tls,
      NodeRole peer,
      Predicate<@Nullable String> expected,
      Secured next,
      RefusalListener refusals) {
    this.tls = tls;
    this.peer = peer;
    this.expected = expected;
    this.next = next;
    this.refusals = refusals;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (!(event instanceof SslHandshakeCompletionEvent completion)) {
      ctx.fireUserEventTriggered(event);
    } else if (completion.isSuccess()) {
      completed(ctx);
    } else {
      refuse(ctx, HandshakeFailure.of(completion.cause(), peer));
    }
  }

  private void completed(ChannelHandlerContext ctx) {
    String protocol = tls.applicationProtocol();
    if (!expected.test(protocol)) {
      refuse(ctx, HandshakeFailure.otherProtocol(protocol, TlsContexts.PROTOCOL, peer));
      return;
    }
    SSLSession session = tls.engine().getSession();
    forbidRenegotiation(tls.engine(), session.getProtocol());
    secured = true;
    try {
      next.secured(ctx.channel(), session);
    } catch (SSLPeerUnverifiedException | CertificateException e) {
      secured = false;
      refuse(ctx, HandshakeFailure.of(e, peer));
      return;
    }
    if (ctx.pipeline().get(LINGER) != null) {
      ctx.pipeline().remove(LINGER);
    }
    ctx.pipeline().remove(this);
  }

  /**
   * The JDK's engine lets a peer begin another handshake on a connection of TLS 1.2, as often as it
   * likes. It finds no cipher suite there: the engine ends the connection. BoringSSL knows no
   * second handshake, nor does TLS 1.3.
   */
  private static void forbidRenegotiation(SSLEngine engine, String protocol) {
    if (!protocol.equals("TLSv1.3") && !(engine instanceof ReferenceCountedOpenSslEngine)) {
      engine.setEnabledCipherSuites(new String[0]);
    }
  }

  private void refuse(ChannelHandlerContext ctx, HandshakeFailure failure) {
    if (!refused) {
      refused = true;
      refusals.refused(ctx.channel(), failure);
    }
    ctx.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (secured) {
      ctx.fireExceptionCaught(cause); // the listener's own
    } else {
      refuse(ctx, HandshakeFailure.of(cause, peer));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!secured) {
      refuse(ctx, HandshakeFailure.closed(peer));
    }
    ctx.fireChannelInactive();
  }
}
