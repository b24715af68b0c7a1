package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.cef.CefConfig;
import io.restpipe.cef.CefDevice;
import io.restpipe.cef.CefEvent;
import io.restpipe.cef.CefLogger;
import io.restpipe.cef.CefParser;
import io.restpipe.cef.CefSecurityLog;
import io.restpipe.node.ClientNode;
import io.restpipe.node.ServerNode;
import io.restpipe.security.NodeRole;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What outsiders can do to a node's security log, and what a broken log does to a node. */
@Timeout(60)
class SecurityLogUnderAttackTest {

  private static final CefDevice DEVICE = new CefDevice("RestPipe", "RestPipe", "1");
  private static final String FORGED =
      "x\r\nCEF:0|Evil|Evil|1|NodeStopped|Forged|0|act=forged | a=b \\ \u2028 \u202e \u0000";

  private final ListSink sink = new ListSink();

  /** Every line is one event of ours, whatever was tried. */
  private List<CefEvent> events() {
    return sink.lines.stream()
        .map(
            line -> {
              assertThat(line).startsWith("CEF:0|RestPipe|RestPipe|1|");
              assertThat(line.codePoints().noneMatch(Character::isISOControl)).isTrue();
              CefEvent event = CefParser.strict().parse(line);
              assertThat(SecurityEventKind.find(event.signature())).isPresent();
              assertThat(event.extensions()).doesNotContainKey("act");
              return event;
            })
        .toList();
  }

  @Test
  void no_field_lets_a_line_be_forged() throws Exception {
    try (CefLogger logger = CefLogger.builder(DEVICE, sink).open();
        var log = new CefSecurityLog(logger, DEVICE, FORGED)) {
      for (SecurityEventKind kind : SecurityEventKind.values()) {
        SecurityEvent.Builder event =
            SecurityEvent.builder(kind).from(new InetSocketAddress("192.0.2.7", 7));
        for (Field field : Field.values()) {
          event.with(field, FORGED);
        }
        log.log(event.build());
      }
    }

    assertThat(events())
        .extracting(CefEvent::signature)
        .containsExactlyElementsOf(
            List.of(SecurityEventKind.values()).stream()
                .map(SecurityEventKind::signature)
                .toList());
  }

  @Test
  void nothing_that_a_caller_or_a_peer_sends_forges_a_line() throws Exception {
    try (CefLogger logger = CefLogger.builder(DEVICE, sink).open();
        var log = new CefSecurityLog(logger, DEVICE, "server-1");
        ServerNode server = NodeFirings.server(log)) {
      raw(
          server,
          "GET /client/x%0d%0aCEF:0%7cEvil HTTP/1.1\r\nHost: a|b=c\\\r\n"
              + "User-Agent: |x= \\n act=forged CEF:0|Evil|\u00e9\r\nSec-Fetch-Site: cross-site\r\n\r\n");
      raw(server, "GET /" + "a|=\\ ".repeat(4_000) + " HTTP/1.1\r\n\r\n");
      var evil = CertificateAuthority.inMemory("Evil | CA = x");
      try (var tls =
          new RawTls(
              server.address().getPort(),
              evil.identity("a|b=c act=forged", NodeRole.CLIENT),
              CertificateAuthority.inMemory("other"))) {
        tls.readToEnd();
      } catch (IOException | IllegalArgumentException refused) {
        // Either side may be the first to refuse.
      }
    }

    assertThat(events())
        .extracting(CefEvent::signature)
        .contains("NodeStarted", "AccessDenied", "LimitHit", "NodeStopped");
  }

  private static void raw(ServerNode server, String request) throws IOException {
    URI gateway = URI.create(server.gatewayAddress().orElseThrow());
    try (var socket = new Socket(gateway.getHost(), gateway.getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
    }
  }

  @Test
  void many_refused_handshakes_become_two_lines() throws Exception {
    int many = 300;
    try (CefLogger logger = CefLogger.builder(DEVICE, sink).open();
        var log = new CefSecurityLog(logger, DEVICE, "server-1");
        ServerNode server = NodeFirings.server(log)) {
      for (int i = 0; i < many; i++) {
        try (var socket = new Socket("127.0.0.1", server.address().getPort())) {
          socket.setSoTimeout(20_000);
          socket.getOutputStream().write("SSH-2.0-scan\r\n".getBytes(StandardCharsets.US_ASCII));
          while (socket.getInputStream().read() >= 0) {
            // Until the server hangs up.
          }
        } catch (IOException reset) {
          // That is hanging up, too.
        }
      }
    }

    List<CefEvent> refused =
        events().stream().filter(event -> event.signature().equals("HandshakeRefused")).toList();
    assertThat(refused).hasSize(2);
    assertThat(refused.get(1).extensions()).containsEntry("cnt", String.valueOf(many - 1));
  }

  @Test
  void whoever_tries_many_names_hides_nobody_else(@TempDir Path folder) throws Exception {
    try (CefLogger logger = CefLogger.builder(DEVICE, sink).open();
        var log = new CefSecurityLog(logger, DEVICE, "server-1");
        var node = new LoginNode(log, folder.resolve("users"))) {
      for (int i = 0; i < 300; i++) {
        login(node, "user" + i, "198.51.100.7");
      }
      login(node, "ann", "203.0.113.9");
    }

    List<CefEvent> failures =
        events().stream().filter(event -> event.signature().equals("AuthFail")).toList();
    assertThat(failures).hasSizeLessThan(60);
    assertThat(failures)
        .anyMatch(event -> "ann".equals(event.extensions().get("suser")))
        .anyMatch(event -> "many different ones".equals(event.extensions().get("reason")));
    long counted =
        failures.stream()
            .filter(event -> "198.51.100.7".equals(event.extensions().get("src")))
            .mapToLong(event -> Long.parseLong(event.extensions().getOrDefault("cnt", "1")))
            .sum();
    assertThat(counted).isEqualTo(300);
  }

  private static void login(LoginNode node, String user, String from) throws IOException {
    node.login(
        "{\"username\": \"" + user + "\", \"password\": \"wrong\"}",
        "X-Forwarded-For: " + from + "\r\n");
  }

  /** A node whose log blocks as long as it may still answers, and stops in time. */
  private static void holdsNobodyUp(Map<String, ?> section) throws Exception {
    CefConfig config = CefConfig.of(section);
    long begun;
    try (CefLogger logger = config.openLogger();
        var log = new CefSecurityLog(logger, config.device(), "server-1")) {
      ServerNode server = NodeFirings.server(log);
      try (ClientNode client = NodeFirings.client(server, "alpha", "one")) {
        client.awaitConnected(Duration.ofSeconds(20));
        for (int i = 0; i < 50; i++) {
          raw(server, "GET /" + "a".repeat(9_000) + " HTTP/1.1\r\n\r\n");
        }
        long start = System.nanoTime();
        for (int i = 0; i < 20; i++) {
          client.server().get("$ping").get(10, TimeUnit.SECONDS);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      }
      begun = System.nanoTime();
      server.close();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(25));
  }

  @Test
  void a_full_disk_holds_nobody_up() throws Exception {
    Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/full")));
    holdsNobodyUp(
        Map.of("file", "/dev/full", "queue_size", 1, "when_full", "block", "block_at_most", "20s"));
  }

  @Test
  void a_dead_collector_holds_nobody_up() throws Exception {
    int port;
    try (var unused = new ServerSocket(0)) {
      port = unused.getLocalPort();
    }
    holdsNobodyUp(
        Map.of(
            "syslog_address", "tcp://127.0.0.1:" + port,
            "spool", "memory",
            "spool_size", "64k",
            "queue_size", 1,
            "when_full", "block",
            "block_at_most", "20s"));
  }
}
