package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCommandTest {

  private static final String POLICY =
      """
      trust peer:kiosk for user:*, role:guest
      deny  user:mallory * ** on *
      allow role:operator GET time/** on client:*
      allow via:kiosk GET help on server
      """;

  @TempDir private Path folder;

  private Captured run(int exitCode, String... arguments) throws IOException {
    Path file = Files.writeString(folder.resolve("policy"), POLICY);
    var captured = new Captured(Map.of("RP_SERVER_POLICY", file.toString()), "");
    List<String> all = new ArrayList<>(List.of("policy"));
    all.addAll(List.of(arguments));
    assertThat(captured.server().run(all.toArray(String[]::new)))
        .as(captured.out() + captured.err())
        .isEqualTo(exitCode);
    return captured;
  }

  @Test
  void test_says_allowed_or_denied_and_by_which_line() throws Exception {
    assertThat(run(0, "test", "--as", "olga", "--role", "operator", "GET", "/client/x/time").out())
        .isEqualTo(
            "allowed: user olga: GET time on client x\nby "
                + folder
                + "/policy:3: allow role:operator GET time/** on client:*\n");
    assertThat(run(ExitCode.REFUSED, "test", "--as", "olga", "GET", "/client/x/time").out())
        .isEqualTo("denied: user olga: GET time on client x\nby built-in: deny anyone * ** on *\n");
    assertThat(
            run(
                    ExitCode.REFUSED,
                    "test",
                    "--as",
                    "user:mallory",
                    "--role",
                    "operator",
                    "get",
                    "/client/x/time//a/b?c=d")
                .out())
        .contains("policy:2: deny user:mallory");
    run(0, "test", "--as", "gina", "--role", "guest", "--via", "kiosk", "GET", "/server/help");
    assertThat(run(0, "test", "--as", "gina", "--via", "other", "GET", "/server/help").out())
        .contains("allowed: peer other, for gina: GET help on the server");
    run(0, "test", "GET", "/client/x/time");
    run(0, "test", "--as", "peer:box", "POST", "/server/order");
    run(ExitCode.REFUSED, "test", "--as", "peer:box", "POST", "/client/other/order");
    run(ExitCode.REFUSED, "test", "--as", "anonymous", "GET", "/client/x/time");
  }

  @Test
  void explain_shows_the_rules_that_hold() throws Exception {
    assertThat(run(0, "explain").out().replace(folder + "/", "").replaceAll(" {2,}", "  "))
        .contains(
            "policy:1  trust peer:kiosk for user:*,role:guest",
            "policy:2  deny user:mallory * ** on *",
            "built-in  allow local * ** on *");
  }

  @Test
  void what_is_wrong_is_said() throws Exception {
    Path file = Files.writeString(folder.resolve("wrong"), "alow anyone * ** on *\n");

    var captured = new Captured(Map.of(), "");

    assertThat(captured.server().run("policy", "check", "--policy", file.toString()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(captured.err()).contains(file + ":1: ", "did you mean allow?");
    assertThat(run(0, "check").out()).contains("the policy is good");
    assertThat(run(ExitCode.USAGE, "test", "GET").err()).contains("policy test --as alice GET");
    assertThat(run(ExitCode.USAGE, "test", "GET", "/x").err()).contains("/client/NAME/NOUN");
    assertThat(run(ExitCode.USAGE, "show").err()).contains("must be test, explain or check");
  }
}
