package io.restpipe.pipe.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.pipe.internal.tls.HandshakeFailure.Kind;
import io.restpipe.security.Identity;
import io.restpipe.security.NodeRole;
import io.restpipe.security.Revocations;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two ends of a connection in memory, whose bytes pass in pieces of any size. */
class TlsPortTest {

  private static final CertificateAuthority AUTHORITY = CertificateAuthority.inMemory("test CA");
  private static final Identity SERVER = AUTHORITY.identity("hub", NodeRole.SERVER);
  private static final Identity CLIENT = AUTHORITY.identity("fileserver", NodeRole.CLIENT);

  private static final Map<TlsEngine, TlsContexts> CONTEXTS = new EnumMap<>(TlsEngine.class);

  private final List<String> heard = new ArrayList<>();

  @ParameterizedTest
  @EnumSource
  void a_caller_gets_the_protocol_that_it_names(TlsEngine engine) throws Exception {
    assertThat(call(engine, () -> 100_000, "restpipe/2")).containsExactly("pipe fileserver");
    assertThat(call(engine, () -> 100_000, "restpipe-join/1")).containsExactly("join");
  }

  @ParameterizedTest
  @EnumSource
  void of_several_that_a_caller_names_the_port_prefers_its_own_first(TlsEngine engine)
      throws Exception {
    assertThat(call(engine, () -> 100_000, "h2", "restpipe-join/1", "restpipe/2"))
        .containsExactly("pipe fileserver");
  }

  @ParameterizedTest
  @EnumSource
  void a_hello_may_come_in_single_bytes(TlsEngine engine) throws Exception {
    assertThat(call(engine, () -> 1, "restpipe-join/1")).containsExactly("join");
  }

  @ParameterizedTest
  @EnumSource
  void a_hello_may_come_in_several_records(TlsEngine engine) throws Exception {
    EmbeddedChannel port = port(engine);
    EmbeddedChannel caller = caller(engine, "restpipe-join/1");
    ByteBuf hello = caller.readOutbound();

    // The same message in records of 50 bytes: what a record holds is not part of the handshake.
    ByteBuf message = hello.skipBytes(5);
    while (message.isReadable()) {
      int length = Math.min(50, message.readableBytes());
      port.writeInbound(
          Unpooled.wrappedBuffer(
              Unpooled.buffer().writeByte(22).writeShort(0x0301).writeShort(length),
              message.readBytes(length)));
    }
    hello.release();
    pass(port, caller, () -> 100_000);

    assertThat(heard).containsExactly("join");
    port.finishAndReleaseAll();
    caller.finishAndReleaseAll();
  }

  @ParameterizedTest
  @EnumSource
  void a_caller_that_names_nothing_is_of_version_1_where_that_is_let_in(TlsEngine engine)
      throws Exception {
    TlsContexts tls = legacy(engine, List.of("TLSv1.2"));

    assertThat(callLegacy(engine, tls, CLIENT, "TLSv1.2")).containsExactly("v1 fileserver TLSv1.2");
    // Any certificate of the authority is good for it, whatever its usage; others are not.
    assertThat(callLegacy(engine, tls, SERVER, "TLSv1.2")).containsExactly("v1 hub TLSv1.2");
    Identity stranger =
        CertificateAuthority.inMemory("other CA").identity("stranger", NodeRole.CLIENT);
    assertThat(callLegacy(engine, tls, stranger, "TLSv1.2").get(0))
        .startsWith(
            "refused: client certificate is signed by an unknown authority (CN=stranger, issuer"
                + " CN=other CA)");
  }

  @Test
  void old_tls_is_spoken_only_where_that_is_wanted() throws Exception {
    assumeThat(TlsEngine.NATIVE.isAvailable()).isTrue(); // The JDK no longer knows it.
    TlsEngine engine = TlsEngine.NATIVE;

    assertThat(callLegacy(engine, legacy(engine, List.of("TLSv1.2")), CLIENT, "TLSv1").get(0))
        .startsWith("refused: client speaks neither TLS 1.3 nor TLS 1.2");
    assertThat(
            callLegacy(
                engine, legacy(engine, List.of("TLSv1.2", "TLSv1.1", "TLSv1")), CLIENT, "TLSv1"))
        .containsExactly("v1 fileserver TLSv1");
  }

  @Test
  void the_jdk_says_at_once_that_it_does_not_speak_old_tls() {
    assertThatThrownBy(() -> legacy(TlsEngine.JDK, List.of("TLSv1.2", "TLSv1.1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TLSv1.1 is switched off in this JDK")
        .hasMessageContaining("legacy.tls_versions");
  }

  private static TlsContexts legacy(TlsEngine engine, List<String> versions) {
    return TlsContexts.of(
        SERVER,
        engine,
        Revocations.NONE,
        new TlsPolicy(true, TlsPolicy.Offer.PIPE, versions, true, null));
  }

  /** What both ends hear when the caller is of version 1. */
  private List<String> callLegacy(
      TlsEngine engine, TlsContexts tls, Identity identity, String version) throws SSLException {
    heard.clear();
    var port = new EmbeddedChannel();
    new TlsPort(
            List.of(
                PortProtocol.pipe(() -> tls, Secured.byCertificate((c, peer) -> heard.add("pipe"))),
                PortProtocol.legacy(
                    () -> tls,
                    Secured.byCertificate(
                        (c, peer) ->
                            heard.add("v1 " + peer.name() + " " + peer.tls().split(" ")[0])))))
        .accept(port.pipeline(), (c, failure) -> heard.add("refused: " + failure.sentence()));
    SslContext context =
        SslContextBuilder.forClient()
            .sslProvider(engine.provider())
            .protocols(version)
            .ciphers(
                List.of(
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"))
            .keyManager(identity.privateKey(), identity.certificate())
            .trustManager(AUTHORITY.certificate())
            .build();
    var caller = new EmbeddedChannel();
    caller.pipeline().addLast(context.newHandler(caller.alloc(), "localhost", 1), failures());
    pass(port, caller, () -> 100_000);
    port.finishAndReleaseAll();
    caller.finishAndReleaseAll();
    return heard;
  }

  @ParameterizedTest
  @EnumSource
  void a_caller_of_something_else_is_refused_and_told(TlsEngine engine) throws Exception {
    assertThat(call(engine, () -> 100_000, "h2", "http/1.1"))
        .containsExactly(
            "refused: client speaks h2, http/1.1, not restpipe/2 or restpipe-join/1",
            "caller: server does not speak restpipe/2");
  }

  @ParameterizedTest
  @EnumSource
  void a_caller_that_names_nothing_is_refused_where_there_is_nothing_for_it(TlsEngine engine)
      throws Exception {
    assertThat(call(engine, () -> 100_000))
        .containsExactly(
            "refused: client names no protocol (ALPN), as RestPipe 0.2.11 does not: such clients are let in only where server.legacy is on",
            "caller: server does not speak restpipe/2");
  }

  @Test
  void a_hello_that_is_too_large_is_refused() {
    EmbeddedChannel port = port(TlsEngine.JDK);

    port.writeInbound(
        Unpooled.buffer()
            .writeByte(22)
            .writeShort(0x0301)
            .writeShort(16_384)
            .writeByte(1)
            .writeMedium(1_000_000)
            .writeZero(16_380));

    assertThat(heard)
        .containsExactly("refused: client began with a ClientHello of more than 16384 bytes");
    assertThat(port.isOpen()).isFalse();
    port.finishAndReleaseAll();
  }

  @Test
  void a_caller_that_says_nothing_is_given_up() {
    EmbeddedChannel port = port(TlsEngine.JDK);
    port.writeInbound(Unpooled.wrappedBuffer(new byte[] {22, 3, 1}));

    port.advanceTimeBy(9, TimeUnit.SECONDS);
    port.runScheduledPendingTasks();
    assertThat(heard).isEmpty();
    port.advanceTimeBy(2, TimeUnit.SECONDS);
    port.runScheduledPendingTasks();

    assertThat(heard)
        .containsExactly("refused: client did not finish the TLS handshake within 10 s");
    assertThat(port.isOpen()).isFalse();
    port.finishAndReleaseAll();
  }

  @Test
  void random_bytes_are_refused_once_and_hurt_nothing() {
    var random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      heard.clear();
      EmbeddedChannel port = port(TlsEngine.JDK);
      var bytes = new byte[1 + random.nextInt(200)];
      random.nextBytes(bytes);
      if (i % 2 == 0) {
        byte[] start = {22, 3, 1, 0, (byte) Math.max(0, bytes.length - 5), 1, 0, 0};
        System.arraycopy(start, 0, bytes, 0, Math.min(start.length, bytes.length));
      }

      port.writeInbound(Unpooled.wrappedBuffer(bytes));
      port.finishAndReleaseAll();

      assertThat(heard).as(ByteBufUtil.hexDump(bytes)).hasSize(1);
      assertThat(heard.get(0)).as(ByteBufUtil.hexDump(bytes)).startsWith("refused: ");
    }
  }

  @Test
  void a_hello_cut_short_anywhere_is_malformed_or_names_nothing() throws Exception {
    EmbeddedChannel caller = caller(TlsEngine.JDK, "h2", "restpipe/2");
    ByteBuf record = caller.readOutbound();
    ByteBuf hello = record.skipBytes(9);

    assertThat(ClientHelloReader.protocols(hello.duplicate())).containsExactly("h2", "restpipe/2");
    for (int length = 0; length < hello.readableBytes(); length++) {
      ByteBuf cut = hello.slice(hello.readerIndex(), length);
      try {
        assertThat(ClientHelloReader.protocols(cut)).isEmpty();
      } catch (DecoderException malformed) {
        assertThat(malformed).hasMessage("malformed ClientHello");
      }
    }
    record.release();
    caller.finishAndReleaseAll();
  }

  /** What both ends hear when the caller names these protocols. */
  private List<String> call(TlsEngine engine, IntSupplier piece, String... protocols)
      throws SSLException {
    heard.clear();
    EmbeddedChannel port = port(engine);
    EmbeddedChannel caller = caller(engine, protocols);
    pass(port, caller, piece);
    port.finishAndReleaseAll();
    caller.finishAndReleaseAll();
    return heard;
  }

  private EmbeddedChannel port(TlsEngine engine) {
    TlsContexts tls = CONTEXTS.computeIfAbsent(engine, e -> TlsContexts.of(SERVER, e));
    var channel = new EmbeddedChannel();
    channel.freezeTime();
    new TlsPort(
            List.of(
                PortProtocol.pipe(
                    () -> tls,
                    Secured.byCertificate((c, peer) -> heard.add("pipe " + peer.name()))),
                new PortProtocol(
                    "restpipe-join/1", () -> joining(engine), (c, session) -> heard.add("join"))))
        .accept(channel.pipeline(), (c, failure) -> heard.add("refused: " + failure.sentence()));
    return channel;
  }

  /** Without a client's certificate. */
  private static SslContext joining(TlsEngine engine) {
    try {
      return SslContextBuilder.forServer(SERVER.privateKey(), SERVER.certificate())
          .sslProvider(engine.provider())
          .applicationProtocolConfig(alpn("restpipe-join/1"))
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ApplicationProtocolConfig alpn(String... protocols) {
    return new ApplicationProtocolConfig(
        Protocol.ALPN,
        SelectorFailureBehavior.NO_ADVERTISE,
        SelectedListenerFailureBehavior.ACCEPT,
        protocols);
  }

  private EmbeddedChannel caller(TlsEngine engine, String... protocols) throws SSLException {
    var builder =
        SslContextBuilder.forClient()
            .sslProvider(engine.provider())
            .keyManager(CLIENT.privateKey(), CLIENT.certificate())
            .trustManager(AUTHORITY.certificate());
    if (protocols.length > 0) {
      builder.applicationProtocolConfig(alpn(protocols));
    }
    SslContext context = builder.build();
    var channel = new EmbeddedChannel();
    SslHandler tls = context.newHandler(channel.alloc(), "localhost", 1);
    channel.pipeline().addLast(tls, failures());
    return channel;
  }

  private ChannelHandler failures() {
    return new ChannelInboundHandlerAdapter() {
      private @Nullable String told;

      @Override
      public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        HandshakeFailure failure = HandshakeFailure.of(cause, NodeRole.SERVER);
        if (told == null && failure.kind() == Kind.INCOMPATIBLE) {
          told = failure.sentence();
          heard.add("caller: " + told);
        }
      }
    };
  }

  /** Carries bytes both ways until nobody has more to say. */
  private static void pass(EmbeddedChannel port, EmbeddedChannel caller, IntSupplier piece) {
    boolean moved = true;
    while (moved) {
      moved = carry(caller, port, piece) | carry(port, caller, piece);
    }
  }

  private static boolean carry(EmbeddedChannel from, EmbeddedChannel to, IntSupplier piece) {
    from.runPendingTasks();
    boolean moved = false;
    for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
      moved = true;
      while (bytes.isReadable() && to.isOpen()) {
        to.writeInbound(bytes.readBytes(Math.min(piece.getAsInt(), bytes.readableBytes())));
        to.runPendingTasks();
      }
      bytes.release();
    }
    return moved;
  }
}
