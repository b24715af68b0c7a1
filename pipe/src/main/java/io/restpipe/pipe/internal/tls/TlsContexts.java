package io.restpipe.pipe.internal.tls;

import io.netty.channel.Channel;
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
import java.security.Security;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
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

  private final Identity identity;
  private final TlsEngine engine;
  private final @Nullable PeerVerifier clients;
  private final @Nullable SslContext acceptor;
  private final @Nullable SslContext legacyAcceptor;
  private final @Nullable SslContext dialer;
  private final TlsPolicy policy;

  // Made when somebody asks for them the first time.
  private @Nullable SslContext joiner;
  private @Nullable SslContext checker;

  /** What is agreed on: versions, cipher suites, and a protocol by its name or none. */
  private record Terms(List<String> versions, List<String> suites, @Nullable String protocol) {

    static Terms of(String protocol) {
      return new Terms(TlsPolicy.VERSIONS, TlsPolicy.SUITES, protocol);
    }
  }

  private TlsContexts(
      Identity identity,
      TlsEngine engine,
      Set<NodeRole> roles,
      Revocations revocations,
      TlsPolicy policy) {
    boolean accepts = roles.contains(NodeRole.SERVER);
    requireVersions(engine, policy);
    this.identity = identity;
    this.engine = engine;
    this.policy = policy;
    this.clients = accepts ? verifier(identity, NodeRole.CLIENT, revocations) : null;
    this.acceptor =
        clients == null ? null : acceptor(identity, engine, clients, Terms.of(PROTOCOL));
    this.legacyAcceptor =
        accepts && policy.acceptLegacy()
            ? acceptor(
                identity,
                engine,
                PeerVerifier.ofLegacyClients(identity.trustAnchors(), revocations),
                new Terms(policy.legacyVersions(), policy.legacySuites(), null))
            : null;
    this.dialer =
        roles.contains(NodeRole.CLIENT)
            ? dialer(identity, engine, verifier(identity, NodeRole.SERVER, revocations), policy)
            : null;
  }

  /** The JDK's engine takes versions that it will not speak, and fails each handshake then. */
  private static void requireVersions(TlsEngine engine, TlsPolicy policy) {
    String disabled = Security.getProperty("jdk.tls.disabledAlgorithms");
    if (engine != TlsEngine.JDK || disabled == null) {
      return;
    }
    List<String> off = List.of(disabled.split("[,\\s]+"));
    policy.legacyVersions().stream()
        .filter(off::contains)
        .findFirst()
        .ifPresent(
            version -> {
              throw new IllegalArgumentException(
                  version
                      + " is switched off in this JDK (jdk.tls.disabledAlgorithms): use the native"
                      + " TLS engine, or leave it out of legacy.tls_versions");
            });
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
    return of(identity, TlsEngine.preferred(identity));
  }

  /** For a node that accepts and dials, on a certain engine. */
  public static TlsContexts of(Identity identity, TlsEngine engine) {
    return of(identity, engine, Revocations.NONE);
  }

  static TlsContexts of(Identity identity, TlsEngine engine, Revocations revocations) {
    return of(identity, engine, revocations, TlsPolicy.STRICT);
  }

  static TlsContexts of(
      Identity identity, TlsEngine engine, Revocations revocations, TlsPolicy policy) {
    return new TlsContexts(identity, engine, EnumSet.allOf(NodeRole.class), revocations, policy);
  }

  /** For a node that only accepts (a server) or only dials (a client): half the time to start. */
  public static TlsContexts of(Identity identity, NodeRole role) {
    return of(identity, role, Revocations.NONE);
  }

  /** The same; peers whose certificate was revoked are refused. */
  public static TlsContexts of(Identity identity, NodeRole role, Revocations revocations) {
    return of(identity, role, revocations, TlsPolicy.STRICT);
  }

  /** The same; {@code policy} says what is allowed for peers of version 1. */
  public static TlsContexts of(
      Identity identity, NodeRole role, Revocations revocations, TlsPolicy policy) {
    return new TlsContexts(
        identity, TlsEngine.preferred(identity), EnumSet.of(role), revocations, policy);
  }

  private static PeerVerifier verifier(Identity identity, NodeRole peer, Revocations revocations) {
    return new PeerVerifier(identity.trustAnchors(), peer, revocations);
  }

  private static SslContext acceptor(
      Identity identity, TlsEngine engine, PeerVerifier verifier, Terms terms) {
    return build(
        identity,
        engine,
        verifier,
        terms,
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
              Terms.of(JOIN),
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
      checker = acceptor(identity, engine, present(clients, "accept"), Terms.of(CHECK));
    }
    return checker;
  }

  private static SslContext dialer(
      Identity identity, TlsEngine engine, PeerVerifier verifier, TlsPolicy policy) {
    return build(
        identity,
        engine,
        verifier,
        new Terms(
            policy.dialedVersions(),
            policy.dialedSuites(),
            policy.offer() == TlsPolicy.Offer.LEGACY ? null : PROTOCOL),
        chain ->
            SslContextBuilder.forClient()
                .keyManager(identity.privateKey(), chain)
                .endpointIdentificationAlgorithm(policy.checkServerName() ? "HTTPS" : null));
  }

  private static SslContext build(
      Identity identity,
      TlsEngine engine,
      PeerVerifier verifier,
      Terms terms,
      Function<X509Certificate[], SslContextBuilder> builder) {
    try {
      String protocol = terms.protocol();
      SslContext context =
          builder
              .apply(identity.chain().toArray(X509Certificate[]::new))
              .sslProvider(engine.provider())
              // Holds the key in memory for a moment only; PKCS12 would take 10 ms to encrypt it.
              .keyStoreType("JKS")
              .protocols(terms.versions())
              .ciphers(terms.suites(), SupportedCipherSuiteFilter.INSTANCE)
              .trustManager(verifier)
              .applicationProtocolConfig(protocol == null ? null : alpn(protocol))
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

  SslContext legacyAcceptor() {
    return present(legacyAcceptor, "accept peers of version 1");
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
   * @param host the name or address that was dialed: one of the certificate's alternative names, or
   *     its common name where it has none
   */
  public void dial(ChannelPipeline pipeline, String host, int port, TlsListener listener) {
    SslContext context = present(dialer, "dial");
    forgetSessions(context.sessionContext());
    SslHandler tls =
        context.newHandler(
            pipeline.channel().alloc(),
            policy.serverName() == null ? host : policy.serverName(),
            port);
    tls.setHandshakeTimeoutMillis(HANDSHAKE_TIMEOUT.toMillis());
    var handshake =
        new HandshakeHandler(
            tls,
            NodeRole.SERVER,
            this::isOffered,
            Secured.byCertificate(listener::secured),
            listener);
    pipeline.addLast("tls", tls).addLast("handshake", handshake);
  }

  /** {@code agreed}: null where the server has named no protocol, which is version 1. */
  private boolean isOffered(@Nullable String agreed) {
    return switch (policy.offer()) {
      case PIPE -> PROTOCOL.equals(agreed);
      case PIPE_OR_LEGACY -> agreed == null || PROTOCOL.equals(agreed);
      case LEGACY -> agreed == null;
    };
  }

  /** Whether version 1 is spoken on a connection that is secured: no protocol was agreed on. */
  public static boolean isLegacy(Channel secured) {
    return secured.pipeline().get(SslHandler.class).applicationProtocol() == null;
  }

  private static <T> T present(@Nullable T part, String job) {
    if (part == null) {
      throw new IllegalStateException(
          "these TLS contexts were made for a role that does not " + job);
    }
    return part;
  }
}
