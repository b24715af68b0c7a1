package io.restpipe.cli;

import static io.restpipe.cli.NodeFirings.AUTHORITY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.auth.identity.JoinTokens;
import io.restpipe.auth.identity.TokenEnrollment;
import io.restpipe.cef.CefDevice;
import io.restpipe.cef.CefEvent;
import io.restpipe.cef.CefLogger;
import io.restpipe.cef.CefParser;
import io.restpipe.cef.CefSecurityLog;
import io.restpipe.node.ServerNode;
import io.restpipe.pipe.internal.connection.ConnectionSettings;
import io.restpipe.pipe.internal.wire.FrameWriter;
import io.restpipe.pipe.internal.wire.GoAway;
import io.restpipe.security.Identity;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PassphraseSource;
import io.restpipe.security.SecurityEventKind;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Outsiders who try over sockets to write lines of their own into a security log: with line breaks
 * of every kind, what terminals obey, and what CEF gives a meaning to.
 */
@Timeout(60)
class LogInjectionTest {

  private static final CefDevice DEVICE = new CefDevice("RestPipe", "RestPipe", "1");

  /** A line, and what would clear a terminal, turn text around, or end a line elsewhere. */
  private static final String FORGED =
      "x\r\nCEF:0|Evil|Evil|1|NodeStopped|Forged|0|act=forged \u001b[2J\u001b]0;pwned\u0007"
          + " \u0085\u2028\u2029\u202e\u000b\f act=forged |\\ \\n=";

  @TempDir Path folder;
  private final ListSink sink = new ListSink();
  private final CefLogger logger;
  private final CefSecurityLog log;

  LogInjectionTest() throws IOException {
    logger = CefLogger.builder(DEVICE, sink).open();
    log = new CefSecurityLog(logger, DEVICE, "server-1");
  }

  @AfterEach
  void close() {
    log.close();
    logger.close();
  }

  /** Those of the kind; every line of whatever kind is one event of ours, and shows safely. */
  private List<CefEvent> events(SecurityEventKind kind) {
    log.close();
    logger.close();
    for (String line : sink.lines) {
      assertThat(line).startsWith("CEF:0|RestPipe|RestPipe|1|");
      assertThat(line.codePoints().filter(LogInjectionTest::isObeyed)).isEmpty();
      CefEvent event = CefParser.strict().parse(line);
      assertThat(SecurityEventKind.find(event.signature())).isPresent();
      assertThat(event.extensions()).doesNotContainKey("act");
    }
    return sink.lines.stream()
        .map(CefParser.strict()::parse)
        .filter(event -> event.signature().equals(kind.signature()))
        .toList();
  }

  private static boolean isObeyed(int c) {
    return Character.isISOControl(c)
        || Character.getType(c) == Character.FORMAT
        || Character.getType(c) == Character.LINE_SEPARATOR
        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
  }

  @Test
  void as_a_user_who_logs_in() throws Exception {
    try (var node = new LoginNode(log, folder.resolve("users"))) {
      String user = escaped(FORGED);
      assertThat(
              node.login(
                  "{\"username\": \"" + user + "\", \"password\": \"wrong\"}",
                  "User-Agent: \u2028\u202e\u0085 act=forged | CEF:0|Evil\r\n",
                  "X-Forwarded-For: 192.0.2.1 act=forged\u2028CEF:0|Evil, \u2028\r\n"))
          .contains(" 401 ");
      assertThat(
              node.http(
                  "GET /client/x%0d%0aCEF:0%7cEvil%e2%80%a8%1b%5b2J?a=%0a HTTP/1.1\r\nHost: a\r\n"
                      + "Authorization: Bearer \u2028.\u2028.act=forged\r\n\r\n"))
          .contains(" 401 ");
    }

    List<CefEvent> failures = events(SecurityEventKind.LOGIN_FAILED);
    assertThat(failures).hasSize(2);
    assertThat(failures.get(0).extensions().get("suser")).contains("act=forged");
    assertThat(failures.get(1).extensions().get("request")).contains("CEF:0%7cEvil");
  }

  private static String escaped(String text) {
    return text.codePoints().mapToObj("\\u%04x"::formatted).reduce("", String::concat);
  }

  @Test
  void as_a_peer_that_greets_and_takes_leave() throws Exception {
    try (ServerNode server = NodeFirings.server(log)) {
      greetAndLeave(server);
    }

    assertThat(events(SecurityEventKind.PEER_CONNECTED))
        .singleElement()
        .satisfies(event -> assertThat(event.extensions().get("msg")).contains("act=forged"));
    assertThat(events(SecurityEventKind.PEER_DISCONNECTED))
        .singleElement()
        .satisfies(event -> assertThat(event.extensions().get("reason")).contains("act=forged"));
  }

  private void greetAndLeave(ServerNode server) throws Exception {
    var greeting =
        ConnectionSettings.defaults().hello("raw", 1, FORGED, List.of(), Map.of(), List.of());
    var leave = new GoAway(0, GoAway.Reason.DRAINING, FORGED, 0, 0, List.of());
    try (var raw =
        new RawTls(
            server.address().getPort(), AUTHORITY.identity("alpha", NodeRole.CLIENT), AUTHORITY)) {
      raw.write(frames(out -> FrameWriter.hello(out, greeting)));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> sink.lines.stream().anyMatch(line -> line.contains("|PeerConnected|")));
      raw.write(frames(out -> FrameWriter.goAway(out, leave)));
      raw.end();
      raw.readToEnd();
    }
  }

  private static byte[] frames(Consumer<ByteBuf> writer) {
    ByteBuf out = Unpooled.buffer();
    writer.accept(out);
    return ByteBufUtil.getBytes(out);
  }

  @Test
  void as_a_certificate_of_an_authority_of_their_own() throws Exception {
    try (ServerNode server = NodeFirings.server(log)) {
      try (var raw = new RawTls(server.address().getPort(), forgedIdentity(), AUTHORITY)) {
        raw.readToEnd();
      } catch (IOException refused) {
        // As it should be.
      }
    }

    assertThat(events(SecurityEventKind.HANDSHAKE_REFUSED))
        .singleElement()
        .satisfies(event -> assertThat(event.extensions().get("reason")).contains("CEF:0|Evil"));
  }

  private static Identity forgedIdentity() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
    var name =
        new X500NameBuilder()
            .addRDN(BCStyle.CN, FORGED.substring(0, 50))
            .addRDN(BCStyle.O, FORGED.substring(50))
            .build();
    Instant now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.ONE,
            Date.from(now.minusSeconds(60)),
            Date.from(now.plusSeconds(600)),
            name,
            pair.getPublic());
    var certificate =
        new JcaX509CertificateConverter()
            .getCertificate(
                builder.build(
                    new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    return new Identity(pair.getPrivate(), List.of(certificate), List.of(certificate));
  }

  @Test
  void as_a_machine_that_joins() throws Exception {
    Path authority = folder.resolve("ca");
    CertificateAuthority.init(authority, "Joined CA");
    var enrollment =
        new TokenEnrollment(
            authority, PassphraseSource.NONE, JoinTokens.in(folder.resolve("server")), log);
    String token = escaped(FORGED);
    byte[] wish = ("{\"token\": \"" + token + "\", \"request\": \"\"}").getBytes(UTF_8);
    try (ServerNode server = NodeFirings.builder(log).enrollment(enrollment).start();
        var raw = new RawTls(server.address().getPort(), "restpipe-join/1", null, AUTHORITY)) {
      raw.write(frames(out -> out.writeInt(wish.length).writeBytes(wish)));
      assertThat(new String(raw.readToEnd(), UTF_8)).contains("refused");
    }

    assertThat(events(SecurityEventKind.TOKEN_REFUSED)).hasSize(1);
  }
}
