package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.config.Endpoint;
import io.restpipe.config.Origin;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.NodeRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Commands at a plain gateway that asks who calls. */
@Timeout(180)
class CallAsUserTest {

  private static final String PASSWORD = "correct horse: battery";

  @TempDir private static Path folder;

  @BeforeAll
  static void install() throws Exception {
    IdentityFiles.in(folder, NodeRole.SERVER)
        .write(CertificateAuthority.inMemory("Test").identity("hub", NodeRole.SERVER));
    var captured = new Captured(Map.of("RP_SERVER_CERT_PATH", folder.toString()), PASSWORD + "\n");
    assertThat(captured.server().run("user", "add", "olga")).as(captured.err()).isZero();
    Files.writeString(
        folder.resolve("policy"), "deny user:olga * ** on client:secret\nallow users * ** on *\n");
    Files.writeString(folder.resolve("password"), PASSWORD + "\n");
    Files.writeString(folder.resolve("wrong"), "wrong horse\n");
  }

  private static Running start(String ways) throws Exception {
    var environment = new HashMap<String, String>();
    environment.put("RP_STATSD_HOST", "");
    environment.put("RP_STATSD_PORT", "");
    environment.put("RP_SERVER_BIND_INTERFACE", "127.0.0.1");
    environment.put("RP_SERVER_BIND_PORT", "0");
    environment.put("RP_SERVER_CERT_PATH", folder.toString());
    environment.put("RP_SERVER_GATEWAY", "unix:" + folder.resolve("s.sock"));
    environment.put("RP_SERVER_POLICY", folder.resolve("policy").toString());
    environment.put("RP_GATEWAY_AUTHENTICATION", ways);
    Running running = Running.start(RpServer.class, environment, "start");
    running.await("rp-server ready: ");
    return running;
  }

  private static Captured run(int exitCode, Map<String, String> environment, String... arguments) {
    var captured = new Captured(environment, "");
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--gateway", "unix:" + folder.resolve("s.sock")));
    assertThat(captured.server().run(all.toArray(String[]::new)))
        .as(captured.out() + captured.err())
        .isEqualTo(exitCode);
    return captured;
  }

  private static Map<String, String> password(String file) {
    return Map.of("RP_CALL_PASSWORD_FILE", folder.resolve(file).toString());
  }

  /** A call that is let in finds nobody of that name; one that is not never gets so far. */
  private static void assertLetIn(Map<String, String> environment, String... options) {
    List<String> call = new ArrayList<>(List.of("call", "nobody", "GET", "time"));
    call.addAll(List.of(options));
    assertThat(run(ExitCode.NO_REPLY, environment, call.toArray(String[]::new)).err())
        .contains("HTTP status 404");
    List<String> clients = new ArrayList<>(List.of("clients"));
    clients.addAll(List.of(options));
    assertThat(run(0, environment, clients.toArray(String[]::new)).out()).startsWith("NAME");
  }

  @Test
  void a_gateway_that_takes_tokens_is_shown_one_or_a_user_logs_in_for_it() throws Exception {
    try (Running server = start("token")) {
      assertThat(run(ExitCode.REFUSED, Map.of(), "call", "nobody", "GET", "time").err())
          .contains(
              "HTTP status 401: say who you are. This gateway asks who calls: give a user with"
                  + " --user NAME, or an access token with --token-file FILE or"
                  + " RP_CALL_TOKEN_FILE")
          .hasLineCount(1);
      assertThat(run(ExitCode.REFUSED, Map.of(), "clients").err()).contains("--token-file");

      assertLetIn(password("password"), "--user", "olga");
      // Each command has logged out: nobody is left who could be asked.
      assertThat(Files.readString(folder.resolve("restpipe.sessions")).lines())
          .filteredOn(line -> line.startsWith("D "))
          .hasSize(2);
      assertThat(run(ExitCode.REFUSED, password("wrong"), "clients", "--user", "olga").err())
          .contains("HTTP status 401")
          .doesNotContain("wrong horse");

      Path file = Files.writeString(folder.resolve("token"), token() + "\n");
      assertLetIn(Map.of(), "--token-file", file.toString());
      assertLetIn(Map.of("RP_CALL_TOKEN_FILE", file.toString()));
      assertThat(
              run(
                      ExitCode.REFUSED,
                      Map.of(),
                      "call",
                      "secret",
                      "GET",
                      "time",
                      "--token-file",
                      file.toString())
                  .err())
          .contains("HTTP status 403");
      Files.writeString(file, "no token at all\n");
      assertThat(run(ExitCode.USAGE, Map.of(), "clients", "--token-file", file.toString()).err())
          .contains("--token-file: what is there is no token")
          .doesNotContain("at all");
      assertThat(server.process().isAlive()).isTrue();
    }
  }

  private static String token() throws IOException, CommandException {
    var gateway =
        new LocalGateway(new Endpoint.Unix(folder.resolve("s.sock")), new Origin.Default());
    var request =
        new GatewayRequest("POST", "/auth/login")
            .header("Content-Type", "application/json")
            .content(
                GatewayRequest.Content.of(
                    ("{\"username\":\"olga\",\"password\":\"" + PASSWORD + "\"}")
                        .getBytes(StandardCharsets.UTF_8)));
    return gateway.exchange(
        request,
        Duration.ofSeconds(20),
        answer ->
            JsonMapper.shared()
                .readTree(answer.body().readAllBytes())
                .path("access_token")
                .asString(""));
  }

  @Test
  void a_gateway_that_takes_passwords_is_shown_one() throws Exception {
    try (Running server = start("basic")) {
      assertLetIn(password("password"), "--user", "olga");
      assertLetIn(Map.of("RP_CALL_USER", "olga", "RP_CALL_PASSWORD", PASSWORD));
      assertThat(run(ExitCode.REFUSED, password("wrong"), "clients", "--user", "olga").err())
          .contains("HTTP status 401: the credentials are not right");
      assertThat(server.process().isAlive()).isTrue();
    }
  }

  @Test
  void credentials_do_not_leave_this_machine_and_there_is_one_at_a_time() {
    var captured = new Captured(password("password"), "");
    assertThat(captured.server().run("clients", "--user", "olga", "--gateway", "192.0.2.1:7080"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(captured.err()).contains("gateways of this machine only");

    assertThat(
            run(ExitCode.USAGE, Map.of(), "clients", "--user", "olga", "--token-file", "x").err())
        .contains("--token-file must not be there beside --user");
    assertThat(run(ExitCode.USAGE, Map.of(), "clients", "--user", "olga").err())
        .contains("there is no password of olga, and nobody to ask: set RP_CALL_PASSWORD_FILE");
    assertThat(run(ExitCode.USAGE, Map.of(), "clients", "--token-file", "/no/such").err())
        .contains("the file cannot be read: /no/such");
  }
}
