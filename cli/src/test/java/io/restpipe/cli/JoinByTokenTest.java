package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restpipe.node.ClientNode;
import io.restpipe.security.EnrollmentException;
import io.restpipe.security.EnrollmentException.Reason;
import io.restpipe.security.Identity;
import io.restpipe.security.JoinLine;
import io.restpipe.security.PeerName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with an authority, and tokens that another process makes: as they are used. */
class JoinByTokenTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private Captured run(Program program, Captured captured, String... arguments) {
    assertThat(program.run(arguments)).as(captured.err()).isZero();
    return captured;
  }

  private void ca(String... arguments) {
    var captured = new Captured();
    run(captured.ca(), captured, arguments);
  }

  private String server(String... arguments) {
    var captured = new Captured();
    return run(captured.server(), captured, arguments).out();
  }

  @Test
  void a_new_machine_joins_with_the_line_once_and_is_kept_out_when_it_is_revoked()
      throws Exception {
    String ca = folder.resolve("ca").toString();
    String home = folder.resolve("server").toString();
    ca("init", ca);
    ca("issue", "hub", "--server", "--dir", ca);
    server(
        "set-identity",
        ca + "/hub.key.pem",
        ca + "/hub.crt.pem",
        ca + "/ca.crt.pem",
        "--cert-path",
        home);
    Map<String, String> environment =
        Map.of("RP_STATSD_HOST", "", "RP_STATSD_PORT", "", "RP_CA_PATH", ca);
    String[] start = {
      "start",
      "--cert-path",
      home,
      "--gateway",
      "127.0.0.1:0",
      "--bind-interface",
      "127.0.0.1",
      "--bind-port",
      "0"
    };
    try (Running hub = Running.start(RpServer.class, environment, start)) {
      String ready = hub.await("rp-server ready: pipe 127.0.0.1:");
      int port = Integer.parseInt(ready.substring(0, ready.indexOf(',')));
      JoinLine line =
          JoinLine.parse(
              server(
                  "token",
                  "create",
                  "--client",
                  "edge",
                  "--address",
                  "localhost:" + port,
                  "--ca-path",
                  ca,
                  "--cert-path",
                  home));

      Identity edge = ClientNode.join(line, PATIENCE);

      assertThat(PeerName.of(edge.certificate())).contains("edge");
      try (ClientNode node = ClientNode.builder(edge).server("localhost", port).start()) {
        node.awaitConnected(PATIENCE);
        assertThatThrownBy(() -> ClientNode.join(line, PATIENCE))
            .isInstanceOfSatisfying(
                EnrollmentException.class,
                e -> assertThat(e.reason()).isEqualTo(Reason.TOKEN_USED));
        assertThat(server("token", "list", "--cert-path", home)).containsPattern("edge +used");

        ca("revoke", "edge", "--dir", ca);

        hub.awaitPart("revoked");
      }
    }
  }
}
