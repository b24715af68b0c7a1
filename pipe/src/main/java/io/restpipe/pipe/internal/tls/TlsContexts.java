package io.restpipe.pipe.internal.tls;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.restpipe.security.Identity;
import io.restpipe.security.NodeRole;
import io.restpipe.security.Revocations;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * TLS for the connections of one identity: 1.3 and 1.2, suites with forward secrecy and
 * authenticated encryption only, certificates required at both ends.
 *
 * <p>Every connection shakes hands in full. A resumed session would be let in on the word of a
 * certificate that was checked earlier and may have expired since; and a handshake in full is a
 * millisecond. Any thread may use it.
 */
public final class TlsContexts {

  /** What the pipe is called when the protocol is negotiated (ALPN). */
  public static final String PROTOCOL = "restpipe/2";

  /** For machines that have no certificate yet. */
  public static final String JOIN = "restpipe-join/1";

  /** For machines that want to know whether they would be let in, and why not. */
  public static final String CHECK = "restpipe-check/1";

  /** A handshake that takes longer is given up. */
  public static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

  static final ApplicationProtocolConfig ALPN = alpn(PROTOCOL);

  private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

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

  private final Identity identity;
  private final TlsEngine engine;
  private final @Nullable PeerVerifier clients;
  private final @Nullable SslContext acceptor;
  private final @Nullable SslContext dialer;

  // Made when somebody asks for them the first time.
  private @Nullable SslContext joiner;
  private @Nullable SslContext checker;

  /** Each of the verifiers is there if the node accepts, or dials. */
  private TlsContexts(
      Identity identity,
      TlsEngine engine,
      @Nullable PeerVerifier clients,
      @Nullable PeerVerifier servers) {
    this.identity = identity;
    this.engine = engine;
    this.clients = clients;
    this.acceptor = clients == null ? null : acceptor(identity, engine, clients, PROTOCOL);
    this.dialer = servers == null ? null : dialer(identity, engine, servers);
  }

  private static ApplicationProtocolConfig alpn(String protocol) {
    return new ApplicationProtocolConfig(
        Protocol.ALPN,
        // The only behaviours that both engines know: what was agreed is looked at when the
        // handshake is done.
        SelectorFailureBehavior.NO_ADVERTISE,
        SelectedListenerFailureBehavior.ACCEPT,
        protocol);
  }

  /**
   * For a node that accepts and dials, on the engine that {@link TlsEngine#preferred} chooses.
   *
   * @throws IllegalArgumentException if the identity's key can't be used for TLS
   */
  public static TlsContexts of(Identity identity) {
    return of(identity, TlsEngine.preferred());
  }

  /** For a node that accepts and dials, on a certain engine. */
  public static TlsContexts of(Identity identity, TlsEngine engine) {
    return of(identity, engine, Revocations.NONE);
  }

  static TlsContexts of(Identity identity, TlsEngine engine, Revocations revocations) {
    return new TlsContexts(
        identity,
        engine,
        verifier(identity, NodeRole.CLIENT, revocations),
        verifier(identity, NodeRole.SERVER, revocations));
  }

  /** For a node that only accepts (a server) or only dials (a client): half the time to start. */
  public static TlsContexts of(Identity identity, NodeRole role) {
    return of(identity, role, Revocations.NONE);
  }

  /** The same; peers whose certificate was revoked are refused. */
  public static TlsContexts of(Identity identity, NodeRole role, Revocations revocations) {
    TlsEngine engine = TlsEngine.preferred();
    return switch (role) {
      case SERVER ->
          new TlsContexts(identity, engine, verifier(identity, NodeRole.CLIENT, revocations), null);
      case CLIENT ->
          new TlsContexts(identity, engine, null, verifier(identity, NodeRole.SERVER, revocations));
    };
  }

  private static PeerVerifier verifier(Identity identity, NodeRole peer, Revocations revocations) {
    return new PeerVerifier(identity.trustAnchors(), peer, revocations);
  }

  private static SslContext acceptor(
      Identity identity, TlsEngine engine, PeerVerifier verifier, String protocol) {
    return build(
        identity,
        engine,
        verifier,
        protocol,
        chain ->
            SslContextBuilder.forServer(identity.privateKey(), chain)
                .clientAuth(ClientAuth.REQUIRE));
  }

  /**
   * For {@link #JOIN}: no certificate is asked for. The chain is shown with the authority that it
   * leads to, which the other machine does not have yet.
   */
  public synchronized SslContext joiner() {
    if (joiner == null) {
      joiner =
          build(
              identity,
              engine,
              present(clients, "accept"),
              JOIN,
              chain ->
                  SslContextBuilder.forServer(identity.privateKey(), withAuthority())
                      .clientAuth(ClientAuth.NONE));
    }
    return joiner;
  }

  private X509Certificate[] withAuthority() {
    List<X509Certificate> chain = new ArrayList<>(identity.chain());
    X500Principal top = chain.get(chain.size() - 1).getIssuerX500Principal();
    identity.trustAnchors().stream()
        .filter(anchor -> anchor.getSubjectX500Principal().equals(top))
        .filter(anchor -> !chain.contains(anchor))
        .forEach(chain::add);
    return chain.toArray(X509Certificate[]::new);
  }

  /** For {@link #CHECK}: all is asked for that the pipe itself asks for. */
  public synchronized SslContext checker() {
    if (checker == null) {
      checker = acceptor(identity, engine, present(clients, "accept"), CHECK);
    }
    return checker;
  }

  private static SslContext dialer(Identity identity, TlsEngine engine, PeerVerifier verifier) {
    return build(
        identity,
        engine,
        verifier,
        PROTOCOL,
        chain ->
            SslContextBuilder.forClient()
                .keyManager(identity.privateKey(), chain)
                .endpointIdentificationAlgorithm("HTTPS"));
  }

  private static SslContext build(
      Identity identity,
      TlsEngine engine,
      PeerVerifier verifier,
      String protocol,
      Function<X509Certificate[], SslContextBuilder> builder) {
    try {
      SslContext context =
          builder
              .apply(identity.chain().toArray(X509Certificate[]::new))
              .sslProvider(engine.provider())
              // Holds the key in memory for a moment only; PKCS12 would take 10 ms to encrypt it.
              .keyStoreType("JKS")
              .protocols(VERSIONS)
              .ciphers(SUITES, SupportedCipherSuiteFilter.INSTANCE)
              .trustManager(verifier)
              .applicationProtocolConfig(alpn(protocol))
              .build();
      limitSessions(context.sessionContext());
      return context;
    } catch (SSLException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          identity + " can't be used for TLS by " + engine.description() + ": " + e.getMessage(),
          e);
    }
  }

  /**
   * The JDK's engine can't do without its cache. A second is the shortest that it knows; within it,
   * only a peer that is no {@link TlsContexts} can resume.
   */
  private static void limitSessions(SSLSessionContext sessions) {
    if (sessions instanceof OpenSslSessionContext ours) {
      ours.setSessionCacheEnabled(false);
    } else {
      sessions.setSessionTimeout(1);
    }
  }

  private static void forgetSessions(SSLSessionContext sessions) {
    for (byte[] id : Collections.list(sessions.getIds())) {
      SSLSession session = sessions.getSession(id);
      if (session != null) {
        session.invalidate();
      }
    }
  }

  /** Which engine does the work. */
  public TlsEngine engine() {
    return engine;
  }

  SslContext acceptor() {
    return present(acceptor, "accept");
  }

  /**
   * Puts TLS into the pipeline of a connection that was accepted. The peer must prove itself with a
   * client's certificate.
   */
  public void accept(ChannelPipeline pipeline, TlsListener listener) {
    var pipe = PortProtocol.pipe(() -> this, Secured.byCertificate(listener::secured));
    new TlsPort(List.of(pipe)).accept(pipeline, listener);
  }

  /**
   * Puts TLS into the pipeline of a connection that was dialed. The peer must prove itself with a
   * server's certificate for the host.
   *
   * @param host the name or address that was dialed: one of the certificate's alternative names
   */
  public void dial(ChannelPipeline pipeline, String host, int port, TlsListener listener) {
    SslContext context = present(dialer, "dial");
    forgetSessions(context.sessionContext());
    SslHandler tls = context.newHandler(pipeline.channel().alloc(), host, port);
    tls.setHandshakeTimeoutMillis(HANDSHAKE_TIMEOUT.toMillis());
    var handshake =
        new HandshakeHandler(
            tls,
            NodeRole.SERVER,
            agreed -> TlsPort.isNamed(PROTOCOL, agreed),
            Secured.byCertificate(listener::secured),
            listener);
    pipeline.addLast("tls", tls).addLast("handshake", handshake);
  }

  private static <T> T present(@Nullable T part, String job) {
    if (part == null) {
      throw new IllegalStateException(
          "these TLS contexts were made for a role that does not " + job);
    }
    return part;
  }
}
