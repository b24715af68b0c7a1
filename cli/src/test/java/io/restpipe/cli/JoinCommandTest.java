package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restpipe.auth.identity.JoinTokens;
import io.restpipe.auth.identity.TokenEnrollment;
import io.restpipe.node.ClientNode;
import io.restpipe.node.ServerNode;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.JoinLine;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PassphraseSource;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEventKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From {@code rp-ca init} to a client that has joined, and one that is thrown out. */
class JoinCommandTest {

  private final Queue<SecurityEvent> events = new ConcurrentLinkedQueue<>();

  @TempDir private Path folder;
  private Path ca = Path.of("");
  private Path installed = Path.of("");
  private Path joined = Path.of("");
  private ServerNode server;

  @BeforeEach
  void start() {
    ca = folder.resolve("ca");
    installed = folder.resolve("server");
    joined = folder.resolve("client");
    assertThat(new Captured().ca().run("init", ca.toString())).isZero();
    assertThat(
            new Captured()
                .ca()
                .run("issue", "hub", "--server", "--dns", "localhost", "--dir", ca.toString()))
        .isZero();
    assertThat(
            new Captured()
                .server()
                .run(
                    "set-identity",
                    ca.resolve("hub.key.pem").toString(),
                    ca.resolve("hub.crt.pem").toString(),
                    ca.resolve("ca.crt.pem").toString(),
                    "--cert-path",
                    installed.toString()))
        .isZero();
    server =
        ServerNode.builder(IdentityFiles.in(installed, NodeRole.SERVER).load())
            .bind("127.0.0.1", 0)
            .enrollment(
                new TokenEnrollment(
                    ca, PassphraseSource.NONE, JoinTokens.in(installed), events::add))
            .revocationList(ca.resolve("ca.crl.pem"))
            .start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_machine_joins_and_is_thrown_out_when_it_is_revoked() throws Exception {
    var captured = join(token(), joined);

    assertThat(captured.err()).isEmpty();
    assertThat(captured.out())
        .contains("joined as edge, certificate until ")
        .contains("wrote " + joined.resolve("rp-client.ini"))
        .contains("connected to localhost:" + server.address().getPort() + " as edge");
    IdentityFiles files = IdentityFiles.in(joined, NodeRole.CLIENT);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.key())))
        .isEqualTo("rw-------");
    assertThat(Files.readString(joined.resolve("rp-client.ini")))
        .contains("target_hostname = localhost", "target_port = " + server.address().getPort());
    assertThat(events.stream().map(SecurityEvent::kind)).contains(SecurityEventKind.TOKEN_USED);

    try (ClientNode client =
        ClientNode.builder(files.loadChecked(Instant.now()))
            .server("localhost", server.address().getPort())
            .start()) {
      client.awaitConnected(Duration.ofSeconds(15));
      assertThat(new Captured().ca().run("revoke", "edge", "--dir", ca.toString())).isZero();

      await()
          .atMost(Duration.ofSeconds(15))
          .until(() -> !server.peer("edge").connected() && server.peers().connected().isEmpty());
    }
  }

  @Test
  void a_token_is_good_once() {
    String line = token();
    join(line, joined);

    var again = new Captured();
    int status = again.client().run("join", line, "--cert-path", folder.resolve("b").toString());

    assertThat(status).isEqualTo(ExitCode.IDENTITY);
    assertThat(again.err()).contains("the server refuses (token-used)").hasLineCount(1);
    assertThat(events.stream().map(SecurityEvent::kind)).contains(SecurityEventKind.TOKEN_REFUSED);
    assertThat(folder.resolve("b")).doesNotExist();
  }

  @Test
  void a_line_comes_by_standard_input_too_and_an_identity_is_replaced_only_on_request() {
    var captured = new Captured(Map.of(), token() + "\n");
    assertThat(captured.client().run("join", "-", "--cert-path", joined.toString())).isZero();

    String second = token();
    var refused = new Captured();
    assertThat(refused.client().run("join", second, "--cert-path", joined.toString()))
        .isEqualTo(ExitCode.IDENTITY);
    assertThat(refused.err()).contains("an identity is installed here already; give --replace");
    assertThat(
            new Captured()
                .client()
                .run("join", second, "--replace", "--cert-path", joined.toString()))
        .isZero();
  }

  @Test
  void an_altered_line_is_found_before_anything_is_sent() {
    String line = token();
    String altered = line.substring(0, line.length() - 1) + (line.endsWith("0") ? "1" : "0");
    var captured = new Captured();

    int status = captured.client().run("join", altered, "--cert-path", joined.toString());

    assertThat(status).isEqualTo(ExitCode.USAGE);
    assertThat(captured.err()).contains("the join line was altered").hasLineCount(1);
    assertThat(events).isEmpty();
  }

  @Test
  void what_the_server_never_hears_of_is_in_the_security_log_of_the_machine() throws Exception {
    Path log = joined.resolve("security.log");
    Files.createDirectories(joined);
    Files.writeString(joined.resolve("rp-client.ini"), "[cef]\nfile = " + log + "\n");
    String line = token();
    String altered = line.substring(0, line.length() - 1) + (line.endsWith("0") ? "1" : "0");
    JoinLine parsed = JoinLine.parse(line);
    String secret = parsed.token().substring(parsed.token().indexOf('.') + 1);
    var ofAnotherAuthority =
        new JoinLine(parsed.host(), parsed.port(), parsed.tokenId(), secret, "ab".repeat(32));

    new Captured().client().run("join", altered, "--cert-path", joined.toString());
    int status =
        new Captured()
            .client()
            .run("join", ofAnotherAuthority.text(), "--cert-path", joined.toString());

    assertThat(status).isEqualTo(ExitCode.NO_REPLY);
    assertThat(Files.readString(log))
        .contains("|TokenRefused|", "the join line was altered")
        .contains("|HandshakeRefused|", "not a server of the authority that made this token")
        .doesNotContain(secret);
  }

  private String token() {
    var captured = new Captured();
    List<String> arguments =
        new ArrayList<>(List.of("token", "create", "--client", "edge", "--ca-path", ca.toString()));
    arguments.addAll(
        List.of(
            "--address",
            "localhost:" + server.address().getPort(),
            "--cert-path",
            installed.toString()));
    assertThat(captured.server().run(arguments.toArray(String[]::new))).as(captured.err()).isZero();
    return captured.out().strip();
  }

  private static Captured join(String line, Path folder) {
    var captured = new Captured();
    int status =
        captured
            .client()
            // As a person would who pastes the whole command behind the command.
            .run("join", line, "--cert-path", folder.toString());
    assertThat(status).as(captured.err()).isZero();
    return captured;
  }
}
