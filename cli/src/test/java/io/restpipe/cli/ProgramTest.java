package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ParseResult;

class ProgramTest {

  private final Captured captured = new Captured();

  @Test
  void start_takes_every_setting_as_a_flag() {
    ParseResult start =
        captured
            .server()
            .parse("start", "--bind-port", "0", "--gateway=unix:/a", "--dev", "--access-log=0")
            .subcommand();

    assertThat(start.matchedOptionValue("--bind-port", "")).isEqualTo("0");
    assertThat(start.matchedOptionValue("--gateway", "")).isEqualTo("unix:/a");
    assertThat(start.matchedOptionValue("--dev", "")).isEqualTo("true");
    assertThat(start.matchedOptionValue("--access-log", "")).isEqualTo("0");
  }

  @Test
  void of_a_flag_given_twice_the_last_one_counts() {
    ParseResult start =
        captured.client().parse("start", "--gateway", "a:1", "--gateway", "b:2").subcommand();

    assertThat(start.matchedOptionValue("--gateway", "")).isEqualTo("b:2");
    assertThat(captured.err()).isEmpty();
  }

  @Test
  void call_takes_client_verb_and_path() {
    ParseResult call =
        captured
            .server()
            .parse("call", "fileserver", "POST", "cat//a", "--data", "@-", "--timeout", "2.5")
            .subcommand();

    assertThat(call.matchedPositionalValue(0, "")).isEqualTo("fileserver");
    assertThat(call.matchedPositionalValue(1, "")).isEqualTo("POST");
    assertThat(call.matchedPositionalValue(2, "")).isEqualTo("cat//a");
    assertThat(call.matchedOptionValue("--data", "")).isEqualTo("@-");
    assertThat(call.matchedOptionValue("--timeout", 0.0)).isEqualTo(2.5);
  }

  @Test
  void issue_takes_names_and_addresses() {
    ParseResult issue =
        captured
            .ca()
            .parse(
                "issue", "a", "--server", "--dir", "ca", "--dns", "b,c", "--dns=d", "--ip=1.2.3.4")
            .subcommand();

    assertThat(issue.matchedOptionValue("--dns", java.util.List.of())).hasToString("[b, c, d]");
    assertThat(issue.matchedOptionValue("--ip", java.util.List.of())).hasToString("[1.2.3.4]");
    assertThat(issue.hasMatchedOption("--server")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "start", "set-identity", "config", "call", "clients"})
  void every_command_of_the_server_has_help(String command) {
    assertThat(captured.server().run(command, "--help")).isZero();
    assertThat(captured.out()).startsWith("Usage: rp-server " + command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"start", "set-identity", "config", "call"})
  void every_command_of_the_client_has_help(String command) {
    assertThat(captured.client().run(command, "--help")).isZero();
    assertThat(captured.out()).startsWith("Usage: rp-client " + command);
  }

  @Test
  void help_names_all_commands() {
    assertThat(captured.server().run("--help")).isZero();
    assertThat(captured.out()).contains("demo", "start", "set-identity", "call", "clients");
  }

  @Test
  void help_of_a_setting_names_its_variable_and_default() {
    captured.server().run("start", "--help");

    assertThat(captured.out())
        .contains("RP_SERVER_BIND_PORT, BIND_PORT; default 1234")
        .doesNotContain("--end-with-parent");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "-V"})
  void version(String flag) {
    assertThat(captured.client().run(flag)).isZero();
    assertThat(captured.out()).startsWith("rp-client ").contains("Java ");
  }

  @Test
  void without_a_command_there_is_only_help_and_the_status_says_so() {
    assertThat(captured.server().run()).isEqualTo(ExitCode.USAGE);
    assertThat(captured.out()).isEmpty();
    assertThat(captured.err()).startsWith("Usage: rp-server");
  }

  @Test
  void an_unknown_command_is_answered_by_the_nearest_one() {
    assertThat(captured.server().run("strat")).isEqualTo(ExitCode.USAGE);
    assertThat(captured.err()).contains("strat", "Did you mean start?", "rp-server --help");
  }

  @Test
  void an_unknown_flag_is_named() {
    assertThat(captured.client().run("start", "--targt-port", "1")).isEqualTo(ExitCode.USAGE);
    assertThat(captured.err()).contains("--targt-port", "--target-port");
  }

  @Test
  void a_missing_argument_is_named() {
    assertThat(captured.server().run("call", "fileserver", "GET")).isEqualTo(ExitCode.USAGE);
    assertThat(captured.err()).contains("PATH");
  }

  @Test
  void all_wrong_settings_are_said_at_once_and_nothing_is_started() {
    var wrong = new Captured(Map.of("RP_SERVER_BIND_PORT", "80800", "DEBUG", "maybe"), "");

    assertThat(wrong.server().run("start", "--gateway", "x")).isEqualTo(ExitCode.USAGE);
    assertThat(wrong.err())
        .contains("rp-server start: RP_SERVER_BIND_PORT = 80800: must be 0 to 65535")
        .contains("--gateway = x: must be HOST:PORT")
        .contains("DEBUG = maybe: must be 1, true");
    assertThat(wrong.out()).isEmpty();
  }
}
