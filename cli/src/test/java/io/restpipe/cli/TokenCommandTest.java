package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.security.JoinLine;
import io.restpipe.security.Pem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenCommandTest {

  @TempDir private Path folder;
  private Path ca = Path.of("");

  @BeforeEach
  void make_a_server() {
    ca = folder.resolve("ca");
    new Captured().ca().run("init", ca.toString());
    install("hub", "--dns", "localhost,hub.example.com");
  }

  private void install(String name, String... more) {
    List<String> issue = new ArrayList<>(List.of("issue", name, "--server"));
    issue.addAll(List.of(more));
    issue.addAll(List.of("--dir", ca.toString()));
    assertThat(new Captured().ca().run(issue.toArray(String[]::new))).isZero();
    var captured = new Captured();
    assertThat(
            captured
                .server()
                .run(
                    "set-identity",
                    ca.resolve(name + ".key.pem").toString(),
                    ca.resolve(name + ".crt.pem").toString(),
                    ca.resolve("ca.crt.pem").toString(),
                    "--cert-path",
                    folder.toString()))
        .as(captured.err())
        .isZero();
  }

  private Captured run(int exitCode, String... arguments) {
    List<String> all = new ArrayList<>(List.of("token"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--cert-path", folder.toString()));
    var captured = new Captured();
    assertThat(captured.server().run(all.toArray(String[]::new)))
        .as(captured.err())
        .isEqualTo(exitCode);
    return captured;
  }

  private Captured create(String... more) {
    List<String> all = new ArrayList<>(List.of("create", "--client", "edge", "--ca-path"));
    all.add(ca.toString());
    all.addAll(List.of(more));
    return run(ExitCode.OK, all.toArray(String[]::new));
  }

  @Test
  void the_line_is_a_command_that_names_the_server_and_its_authority() {
    Captured created = create();

    assertThat(created.out())
        .startsWith("rp-client join hub.example.com:1234/rpj1.")
        .hasLineCount(1);
    JoinLine line = JoinLine.parse(created.out());
    assertThat(line.isOf(Pem.readCertificates(ca.resolve("ca.crt.pem")).get(0))).isTrue();
    assertThat(created.err())
        .contains("token " + line.tokenId() + " for edge: one use, until ")
        .doesNotContain(line.token());
  }

  @Test
  void where_the_server_is_can_be_said() {
    assertThat(JoinLine.parse(create("--address", "pipe.example.org:443").out()).port())
        .isEqualTo(443);
    assertThat(create("--address", "[2001:db8::1]:443").out())
        .startsWith("rp-client join '[2001:db8::1]:443/rpj1.")
        .endsWith("'\n");
  }

  @Test
  void tokens_are_listed_without_their_secrets_and_revoked() {
    JoinLine line = JoinLine.parse(create("--uses", "3", "--ttl", "10m", "--lifetime", "7d").out());

    Captured listed = run(ExitCode.OK, "list");
    assertThat(listed.out())
        .containsPattern(line.tokenId() + " +edge +valid +0/3 +\\S+ +7 days")
        .doesNotContain(line.token());
    assertThat(run(ExitCode.OK, "list", "--json").out()).contains("\"state\" : \"valid\"");
    assertThat(run(ExitCode.OK, "revoke", line.tokenId()).out())
        .isEqualTo("revoked " + line.tokenId() + "\n");
    assertThat(run(ExitCode.OK, "list").out()).containsPattern("edge +revoked");
    assertThat(run(ExitCode.USAGE, "revoke", "00000000").err())
        .contains("there is no token 00000000");
  }

  @Test
  void what_is_missing_is_asked_for() {
    assertThat(run(ExitCode.USAGE, "create", "--ca-path", ca.toString()).err())
        .contains("say with --client NAME");
    assertThat(run(ExitCode.USAGE, "create", "edge", "--ca-path", ca.toString()).err())
        .contains("what is \"edge\" for?", "--client NAME");
    assertThat(run(ExitCode.USAGE, "create", "--client", "edge").err())
        .contains("this server has no authority", "RP_CA_PATH");
    assertThat(run(ExitCode.USAGE, "revoke").err()).contains("rp-server token revoke ID");
    Captured wrong = run(ExitCode.USAGE, "create", "--client", "a/b", "--ca-path", ca.toString());
    assertThat(wrong.err()).contains("a/b");
    assertThat(wrong.out()).isEmpty();
    assertThat(
            run(
                    ExitCode.USAGE,
                    "create",
                    "--client",
                    "edge",
                    "--ca-path",
                    ca.toString(),
                    "--uses",
                    "0")
                .err())
        .contains("--uses");
  }

  @Test
  void a_server_of_another_authority_makes_no_line() {
    Path other = folder.resolve("other");
    new Captured().ca().run("init", other.toString());

    assertThat(
            run(ExitCode.IDENTITY, "create", "--client", "edge", "--ca-path", other.toString())
                .err())
        .contains("is not of the authority in " + other);
    assertThat(Files.exists(folder.resolve("join-tokens.txt"))).isFalse();
  }
}
