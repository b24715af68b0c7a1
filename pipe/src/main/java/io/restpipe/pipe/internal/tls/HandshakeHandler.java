package io.restpipe.pipe.internal.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PeerName;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
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
      List<X509Certificate> chain =
          Stream.of(session.getPeerCertificates()).map(X509Certificate.class::cast).toList();
      X509Certificate certificate = chain.get(0);
      // Both for the case that a session was resumed, and no trust manager was asked.
      certificate.checkValidity();
      String name =
          PeerName.of(certificate).orElseThrow(() -> new CertificateException("no usable name"));
      forbidRenegotiation(tls.engine(), session.getProtocol());
      secured(
          ctx, new TlsPeer(name, chain, session.getProtocol() + " " + session.getCipherSuite()));
    } catch (SSLPeerUnverifiedException | CertificateException e) {
      refuse(ctx, HandshakeFailure.of(e, peer));
    }
  }

  /**
   * The JDK's engine lets a peer begin another handshake on a connection of TLS 1.2, as often as it
   * likes. It finds no cipher suite there: the engine ends the connection. BoringSSL knows no
   * second handshake, nor does TLS 1.3.
   */
  private static void forbidRenegotiation(SSLEngine engine, String protocol) {
    if (protocol.equals("TLSv1.2") && !(engine instanceof ReferenceCountedOpenSslEngine)) {
      engine.setEnabledCipherSuites(new String[0]);
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
