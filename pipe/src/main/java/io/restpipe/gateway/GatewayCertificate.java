package io.restpipe.gateway;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.internal.tcnative.SSL;
import io.restpipe.security.Identity;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * What a gateway proves itself with to its callers, and by which authorities theirs must be. TLS
 * 1.3 and 1.2 with forward secrecy and authenticated encryption only, as on the pipe. Any thread;
 * what is replaced counts for new connections.
 */
public final class GatewayCertificate {

  private static final long HANDSHAKE_SECONDS = 10;

  private static final List<String> SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private volatile Contexts contexts;

  private record Contexts(SslContext plain, SslContext optional, SslContext required) {}

  /**
   * Takes an identity.
   *
   * @throws IllegalArgumentException if its key can't be used for TLS
   */
  public GatewayCertificate(Identity identity) {
    this.contexts = contexts(identity);
  }

  /**
   * Takes another one for connections from now on; those that are up go on.
   *
   * @throws IllegalArgumentException if its key can't be used for TLS; then the old one stays
   */
  public void replace(Identity identity) {
    contexts = contexts(identity);
  }

  private static Contexts contexts(Identity identity) {
    return new Contexts(
        context(identity, ClientAuth.NONE),
        context(identity, ClientAuth.OPTIONAL),
        context(identity, ClientAuth.REQUIRE));
  }

  private static SslContext context(Identity identity, ClientAuth clientAuth) {
    SslProvider engine =
        OpenSsl.isAvailable() && !"jdk".equals(System.getProperty("restpipe.tls.engine"))
            ? SslProvider.OPENSSL
            : SslProvider.JDK;
    try {
      SslContext context =
          SslContextBuilder.forServer(
                  identity.privateKey(), identity.chain().toArray(X509Certificate[]::new))
              .sslProvider(engine)
              .keyStoreType("JKS")
              .protocols("TLSv1.3", "TLSv1.2")
              .ciphers(SUITES, SupportedCipherSuiteFilter.INSTANCE)
              .clientAuth(clientAuth)
              .trustManager(identity.trustAnchors())
              .build();
      // A resumed session would let a caller in by a certificate that has expired since.
      if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
        sessions.setSessionCacheEnabled(false);
      } else {
        context.sessionContext().setSessionTimeout(1);
      }
      return context;
    } catch (SSLException | IllegalArgumentException unusable) {
      throw new IllegalArgumentException(
          identity + " can't be used for HTTPS: " + unusable.getMessage(), unusable);
    }
  }

  SslHandler handler(GatewayListener.ClientCertificates wanted, ByteBufAllocator buffers) {
    Contexts now = contexts;
    SslContext context =
        switch (wanted) {
          case NONE -> now.plain();
          case OPTIONAL -> now.optional();
          case REQUIRED -> now.required();
        };
    SslHandler handler = context.newHandler(buffers);
    if (handler.engine() instanceof ReferenceCountedOpenSslEngine nativeEngine) {
      // Netty allows them anew for each engine, whatever the context says.
      SSL.setOptions(nativeEngine.sslPointer(), SSL.SSL_OP_NO_TICKET);
    } else {
      handler.handshakeFuture().addListener(done -> forbidRenegotiation(handler.engine()));
    }
    handler.setHandshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
    return handler;
  }

  /**
   * The JDK's engine lets a caller begin another handshake on a connection of TLS 1.2, as often as
   * it likes. It finds no cipher suite there: the engine ends the connection. BoringSSL knows no
   * second handshake, nor does TLS 1.3.
   */
  private static void forbidRenegotiation(SSLEngine engine) {
    if (engine.getSession().getProtocol().equals("TLSv1.2")) {
      engine.setEnabledCipherSuites(new String[0]);
    }
  }
}
