package io.restpipe.pipe.internal.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PeerName;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Waits for the end of the handshake, looks at what was agreed, tells the listener, and leaves. */
final class HandshakeHandler extends ChannelInboundHandlerAdapter {

  static final String LINGER = "refusal-linger";

  private final SslHandler tls;
  private final NodeRole peer;
  private final TlsListener listener;
  private boolean secured;
  private boolean refused;

  HandshakeHandler(SslHandler tls, NodeRole peer, TlsListener listener) {
    this.tls = tls;
    this.peer = peer;
    this.listener = listener;
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
    if (!TlsContexts.PROTOCOL.equals(protocol)) {
      refuse(ctx, HandshakeFailure.otherProtocol(protocol, peer));
      return;
    }
    SSLSession session = tls.engine().getSession();
    try {
      var certificate = (X509Certificate) session.getPeerCertificates()[0];
      // Both for the case that a session was resumed, and no trust manager was asked.
      certificate.checkValidity();
      String name =
          PeerName.of(certificate).orElseThrow(() -> new CertificateException("no usable name"));
      secured(
          ctx,
          new TlsPeer(name, certificate, session.getProtocol() + " " + session.getCipherSuite()));
    } catch (SSLPeerUnverifiedException | CertificateException e) {
      refuse(ctx, HandshakeFailure.of(e, peer));
    }
  }

  private void secured(ChannelHandlerContext ctx, TlsPeer tlsPeer) {
    secured = true;
    if (ctx.pipeline().get(LINGER) != null) {
      ctx.pipeline().remove(LINGER);
    }
    listener.secured(ctx.channel(), tlsPeer);
    ctx.pipeline().remove(this);
  }

  private void refuse(ChannelHandlerContext ctx, HandshakeFailure failure) {
    if (!refused) {
      refused = true;
      listener.refused(ctx.channel(), failure);
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
