package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.NodeRole;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as processes, from start to end. */
class ProcessesTest {

  private static final Map<String, String> QUIET =
      Map.of("RP_STATSD_HOST", "", "RP_STATSD_PORT", "", "RP_SERVER_BIND_INTERFACE", "127.0.0.1");

  @TempDir private static Path folder;

  @BeforeAll
  static void install_identities() throws IOException {
    var authority = CertificateAuthority.inMemory("Test");
    IdentityFiles.in(folder, NodeRole.SERVER)
        .write(authority.identity("localhost", NodeRole.SERVER));
    IdentityFiles.in(folder, NodeRole.CLIENT).write(authority.identity("box", NodeRole.CLIENT));
  }

  private static Running server(String... more) throws IOException {
    return Running.start(
        RpServer.class,
        QUIET,
        concat(
            List.of("start", "--cert-path", folder.toString(), "--bind-port", "0"),
            more.length == 0 ? new String[] {"--gateway", "127.0.0.1:0"} : more));
  }

  private static String[] concat(List<String> first, String[] second) {
    var all = new java.util.ArrayList<>(first);
    all.addAll(List.of(second));
    return all.toArray(String[]::new);
  }

  @Test
  void a_server_and_a_client_start_call_and_drain() throws Exception {
    Path socket = folder.resolve("server.sock");
    try (Running server = server("--gateway", "unix:" + socket)) {
      String ready = server.await("rp-server ready: pipe ");
      assertThat(ready).matches("127\\.0\\.0\\.1:\\d+, gateway unix:" + socket);
      String port = ready.substring(ready.indexOf(':') + 1, ready.indexOf(','));
      Map<String, String> environment =
          Map.of(
              "RP_CLIENT_TARGET_HOSTNAME",
              "localhost",
              "RP_CLIENT_TARGET_PORT",
              port,
              "RP_CLIENT_CERT_PATH",
              folder.toString(),
              "RP_CLIENT_GATEWAY",
              "127.0.0.1:0");
      try (Running client = Running.start(RpClient.class, environment, "start")) {
        String gateway = client.await("rp-client ready: gateway http://");
        assertThat(client.await("rp-client connected: "))
            .isEqualTo("localhost:" + port + " as box");

        var fromServer = new Captured(Map.of("RP_SERVER_GATEWAY", "unix:" + socket), "");
        assertThat(fromServer.server().run("call", "box", "GET", "cat//hello%20/world")).isZero();
        assertThat(fromServer.out()).isEqualTo("{\"result_from_client\": \"hello world\"}");

        var fromClient = new Captured(Map.of("RP_CLIENT_GATEWAY", gateway), "");
        assertThat(fromClient.client().run("call", "GET", "time")).isZero();
        assertThat(fromClient.out()).matches("\\{\"time_from_server\": \\d+\\.\\d{6}}");

        var clients = new Captured(Map.of("RP_SERVER_GATEWAY", "unix:" + socket), "");
        assertThat(clients.server().run("clients")).isZero();
        assertThat(clients.out()).contains("box");

        client.process().destroy();
        assertThat(client.ended()).isZero();
      }
      server.process().destroy();
      assertThat(server.ended()).isZero();
      assertThat(socket).doesNotExist();
    }
  }

  @Test
  void a_port_in_use_is_one_sentence_and_no_stack_trace() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        Running server = server("--gateway", "127.0.0.1:" + taken.getLocalPort())) {
      assertThat(server.await("rp-server start: "))
          .contains("127.0.0.1:" + taken.getLocalPort())
          .contains("in use");
      assertThat(server.ended()).isEqualTo(ExitCode.START);
    }
  }

  @Test
  void the_demonstration_makes_four_calls_and_ends() throws Exception {
    try (Running demo = Running.start(RpServer.class, QUIET, "demo", "--once")) {
      assertThat(demo.await("  $ curl http://127.0.0.1:")).endsWith("/server/time");
      assertThat(demo.await("  {\"time_from_server\": ")).endsWith("}");
      assertThat(demo.await("  $ curl http://127.0.0.1:")).endsWith("/server/cat//hello%20/world");
      demo.await("  {\"result_from_server\": \"hello world\"}");
      assertThat(demo.await("  $ curl http://127.0.0.1:")).endsWith("/client/demo/time");
      assertThat(demo.await("  {\"time_from_client\": ")).endsWith("}");
      assertThat(demo.await("  $ curl http://127.0.0.1:"))
          .endsWith("/client/demo/cat//hello%20/world");
      demo.await("  {\"result_from_client\": \"hello world\"}");
      assertThat(demo.ended()).isZero();
      assertThat(demo.process().descendants()).isEmpty();
    }
  }

  @Test
  void the_demonstration_stays_up_until_it_is_told_to_end() throws Exception {
    try (Running demo = Running.start(RpServer.class, QUIET, "demo")) {
      demo.await("They stay up");
      List<ProcessHandle> nodes = demo.process().descendants().toList();
      assertThat(nodes).hasSize(2);

      demo.process().destroy();

      assertThat(demo.ended()).isZero();
      assertThat(demo.rest()).isEmpty();
      assertGone(nodes);
    }
  }

  @Test
  void the_nodes_of_a_demonstration_do_not_outlive_it_even_if_it_is_killed() throws Exception {
    try (Running demo = Running.start(RpServer.class, QUIET, "demo")) {
      demo.await("They stay up");
      List<ProcessHandle> nodes = demo.process().descendants().toList();

      demo.process().destroyForcibly();

      assertThat(demo.ended()).isNotZero();
      assertGone(nodes);
    }
  }

  @Test
  void a_demonstration_whose_node_dies_says_what_the_node_said() throws Exception {
    try (Running demo = Running.start(RpServer.class, QUIET, "demo")) {
      demo.await("They stay up");
      List<ProcessHandle> nodes = demo.process().descendants().toList();

      nodes.get(0).destroyForcibly();

      assertThat(demo.await("rp-server demo: ")).contains("ended with exit status 137");
      assertThat(demo.ended()).isEqualTo(ExitCode.DEMO);
      assertGone(nodes);
    }
  }

  private static void assertGone(List<ProcessHandle> processes) throws TimeoutException {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
  }
}
