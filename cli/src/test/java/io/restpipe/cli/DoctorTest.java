package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.auth.identity.Issuance;
import io.restpipe.node.ServerNode;
import io.restpipe.security.Identity;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.NodeRole;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the doctors find, in a healthy setup and in sick ones. */
class DoctorTest {

  private static final CertificateAuthority AUTHORITY = CertificateAuthority.inMemory("doctor CA");

  @TempDir private Path folder;
  private ServerNode server;

  @BeforeEach
  void start() {
    server =
        ServerNode.builder(AUTHORITY.identity(Issuance.server("hub").dns("localhost")))
            .bind("127.0.0.1", 0)
            .start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_client_that_can_connect_is_well() throws IOException {
    install(AUTHORITY.identity("edge", NodeRole.CLIENT));

    Captured captured = examine(0, "localhost", server.address().getPort());

    assertThat(captured.out())
        .containsPattern("ok +files +edge, key fits, signed by CN=doctor CA")
        .containsPattern("ok +modes +.* is rw-------")
        .containsPattern("ok +expiry +certificate CN=edge expires in \\d+ days")
        .containsPattern("ok +name +localhost is ")
        .containsPattern("ok +tcp +localhost:\\d+ answers within \\d+ ms")
        .containsPattern("ok +host name +the server's certificate is for localhost")
        .containsPattern("ok +tls +CN=hub, trusted")
        .containsPattern("ok +admission +the server lets us in as edge")
        .containsPattern("ok +version +server restpipe-java/")
        .containsPattern("ok +clock +this clock is \\d+ ms ")
        .containsPattern("ok +gateway +rp-client does not run; 127.0.0.1:0 is free")
        .doesNotContain("FAIL", "PRIVATE");
    assertThat(server.peers().connected()).isEmpty();
  }

  @Test
  void a_client_without_an_identity_is_told_how_to_get_one() {
    Captured captured = examine(ExitCode.UNWELL, "localhost", server.address().getPort());

    assertThat(captured.out())
        .containsPattern("FAIL +files +there is no identity in .* -> rp-client join LINE")
        .containsPattern("warn +tls +shown: CN=hub");
  }

  @Test
  void an_expired_certificate_and_an_open_key_are_found() throws IOException {
    install(
        AUTHORITY.identity(
            Issuance.client("late")
                .valid(
                    Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2020-02-01T00:00:00Z"))));
    Files.setPosixFilePermissions(
        IdentityFiles.in(folder, NodeRole.CLIENT).key(),
        PosixFilePermissions.fromString("rw-r--r--"));

    Captured captured = examine(ExitCode.UNWELL, "localhost", server.address().getPort());

    assertThat(captured.out())
        .containsPattern("FAIL +modes +.*others may read it -> chmod 600 ")
        .containsPattern("FAIL +files +.*certificate expired \\d+ days ago \\(CN=late");
  }

  @Test
  void a_server_for_another_name_and_one_of_another_authority_are_found() throws IOException {
    install(AUTHORITY.identity("edge", NodeRole.CLIENT));
    assertThat(examine(ExitCode.UNWELL, "127.0.0.1", server.address().getPort()).out())
        .containsPattern(
            "FAIL +host name +the server's certificate is for localhost, not for 127.0.0.1 -> ");

    install(CertificateAuthority.inMemory("other CA").identity("edge", NodeRole.CLIENT));
    assertThat(examine(ExitCode.UNWELL, "localhost", server.address().getPort()).out())
        .containsPattern(
            "FAIL +tls +server certificate is signed by an unknown authority .* -> install this");
  }

  @Test
  void what_the_certificate_must_be_for_may_be_said() throws IOException {
    install(AUTHORITY.identity("edge", NodeRole.CLIENT));
    var named = new Captured(Map.of("RP_CLIENT_SERVER_NAME", "localhost"), "");
    var any = new Captured(Map.of("RP_CLIENT_VERIFY_SERVER", "ca"), "");
    String[] arguments = arguments("127.0.0.1", server.address().getPort(), "127.0.0.1:0");

    assertThat(named.client().run(arguments)).as(named.out()).isZero();
    assertThat(any.client().run(arguments)).as(any.out()).isZero();

    assertThat(named.out()).containsPattern("ok +host name +.* is for localhost");
    assertThat(any.out()).containsPattern("warn +host name +any server of the authority will do");
  }

  @Test
  void a_server_that_does_not_let_the_client_in_is_found() throws IOException {
    Identity stranger = CertificateAuthority.inMemory("other CA").identity("edge", NodeRole.CLIENT);
    // It trusts the server, but the server does not trust it.
    IdentityFiles files = IdentityFiles.in(folder, NodeRole.CLIENT);
    files.write(
        new Identity(
            stranger.privateKey(),
            stranger.chain(),
            List.of(AUTHORITY.certificate(), stranger.trustAnchors().get(0))));

    assertThat(examine(ExitCode.UNWELL, "localhost", server.address().getPort()).out())
        .containsPattern("ok +tls +CN=hub, trusted")
        .containsPattern("FAIL +admission +the server does not let this client in: .* -> ");
  }

  @Test
  void a_server_that_is_not_there_is_found() throws IOException {
    install(AUTHORITY.identity("edge", NodeRole.CLIENT));
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }

    assertThat(examine(ExitCode.UNWELL, "localhost", port).out())
        .containsPattern("FAIL +tcp +no connection to localhost:" + port + ": .* -> is rp-server");
    assertThat(examine(ExitCode.UNWELL, "no-such-host.invalid", port).out())
        .containsPattern("FAIL +name +no-such-host.invalid is not known here -> check");
  }

  @Test
  void a_proxy_and_a_gateway_port_that_is_taken_are_told() throws IOException {
    install(AUTHORITY.identity("edge", NodeRole.CLIENT));
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var captured =
          new Captured(Map.of("HTTPS_PROXY", "http://user:secret@proxy.example:3128"), "");

      int status =
          captured
              .client()
              .run(
                  arguments(
                      "localhost",
                      server.address().getPort(),
                      "127.0.0.1:" + taken.getLocalPort()));

      assertThat(status).isEqualTo(ExitCode.UNWELL);
      assertThat(captured.out())
          .containsPattern("warn +proxy +HTTPS_PROXY is set, and not used")
          .containsPattern("FAIL +gateway +what answers at 127.0.0.1:\\d+ is no RestPipe gateway")
          .doesNotContain("secret");
    }
  }

  @Test
  void a_server_is_examined_too() throws IOException {
    IdentityFiles.in(folder, NodeRole.SERVER).write(server.identity());
    var captured = new Captured();

    int status =
        captured
            .server()
            .run(
                "doctor",
                "--cert-path",
                folder.toString(),
                "--bind-interface",
                "127.0.0.1",
                "--bind-port",
                String.valueOf(server.address().getPort()),
                "--gateway",
                "127.0.0.1:0");

    assertThat(captured.out())
        .containsPattern("ok +files +hub, key fits")
        .containsPattern("ok +name +localhost is ")
        .containsPattern("ok +port +127.0.0.1:\\d+ answers with CN=hub")
        .doesNotContain("FAIL");
    assertThat(status).isZero();
  }

  private void install(Identity identity) throws IOException {
    IdentityFiles.in(folder, NodeRole.CLIENT).write(identity);
  }

  private Captured examine(int expected, String host, int port) {
    var captured = new Captured();
    int status = captured.client().run(arguments(host, port, "127.0.0.1:0"));
    assertThat(status).as(captured.out() + captured.err()).isEqualTo(expected);
    return captured;
  }

  private String[] arguments(String host, int port, String gateway) {
    return Arrays.asList(
            "doctor",
            "--cert-path",
            folder.toString(),
            "--target-hostname",
            host,
            "--target-port",
            String.valueOf(port),
            "--gateway",
            gateway)
        .toArray(String[]::new);
  }
}
