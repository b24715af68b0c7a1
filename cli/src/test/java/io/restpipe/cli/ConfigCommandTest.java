package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.config.Configuration;
import io.restpipe.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that a node's settings are read from, and the commands that show them. */
class ConfigCommandTest {

  @TempDir Path folder;

  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void identities_are_in_the_folder() {
    environment.put("RP_SERVER_CERT_PATH", folder.toString());
    environment.put("RP_CLIENT_CERT_PATH", folder.toString());
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private String shown(Captured captured, String key) {
    return captured
        .out()
        .lines()
        .filter(line -> line.startsWith(key + " "))
        .map(line -> line.replaceAll(" {2,}", " | ").replace(folder + "/", ""))
        .findFirst()
        .orElse("none of " + captured.out());
  }

  private Captured run(String... arguments) {
    var captured = new Captured(environment, "");
    assertThat(captured.server().run(arguments)).as(captured.err()).isZero();
    return captured;
  }

  private String refused(String... arguments) {
    var captured = new Captured(environment, "");
    assertThat(captured.server().run(arguments)).isEqualTo(ExitCode.USAGE);
    assertThat(captured.out()).isEmpty();
    return captured.err().replace(folder + "/", "");
  }

  @Test
  void each_layer_goes_before_the_one_below() throws IOException {
    file("rp-server.ini", "[server]\nbind_port = 2\n");
    environment.put("RP_SERVER_CONFIG", file("named.ini", "[server]\nbind_port = 3\n").toString());
    String first = file("first.ini", "[server]\nbind_port = 4\n").toString();
    String second = file("second.json", "{\"server\": {\"bind_port\": 5}}").toString();

    assertThat(shown(run("config", "show"), "server.bind_port"))
        .isEqualTo("server.bind_port | 3 | named.ini:2 | 2 (rp-server.ini:2), 1234 (default)");
    assertThat(shown(run("config", "show", "-c", first, "-c", second), "server.bind_port"))
        .startsWith("server.bind_port | 5 | second.json:1 | 4 (first.ini:2), 3 (named.ini:2), ");
    environment.put("RP_SERVER_BIND_PORT", "6");
    assertThat(shown(run("config", "show", "-c", first), "server.bind_port"))
        .startsWith("server.bind_port | 6 | RP_SERVER_BIND_PORT | 4 (first.ini:2), 3 (named");
    assertThat(shown(run("config", "show", "--bind-port=7"), "server.bind_port"))
        .startsWith("server.bind_port | 7 | --bind-port | 6 (RP_SERVER_BIND_PORT), 3 (named");
  }

  @Test
  void the_instance_file_is_where_the_variable_or_the_identity_is() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    file("rp-server.ini", "[server]\nbind_port = 2\n");
    file("other/rp-server.ini", "[server]\nbind_port = 3\n");
    String moves = file("moves.ini", "[server]\ncert_path = other\n").toString();

    environment.remove("RP_SERVER_CERT_PATH");
    assertThat(shown(run("config", "show", "-c", moves), "server.bind_port")).contains("| 3 |");
    environment.put("RP_SERVER_INSTANCE_PATH", folder.toString());
    assertThat(shown(run("config", "show", "-c", moves), "server.bind_port")).contains("| 2 |");
    environment.put("RP_SERVER_INSTANCE_PATH", other.resolve("rp-server.ini").toString());
    assertThat(shown(run("config", "show"), "server.bind_port")).contains("| 3 |");
    environment.put("RP_SERVER_INSTANCE_PATH", other.resolve("none.ini").toString());
    assertThat(refused("config", "show"))
        .isEqualTo(
            "rp-server config: RP_SERVER_INSTANCE_PATH: there is no file other/none.ini: make it,"
                + " or correct the name\n");
  }

  /** As a user would write it. */
  public static final class Module {
    public static final int BIND_PORT = 8;
    public static final String SERVER__BIND_INTERFACE = "10.0.0.8";

    private Module() {}
  }

  @Test
  void a_users_module_overrides_the_defaults_only() throws IOException {
    environment.put("RP_SERVER_USER_CONFIG_MODULE", Module.class.getName());

    Captured captured = run("config", "show");

    assertThat(shown(captured, "server.bind_port"))
        .isEqualTo(
            "server.bind_port | 8 | " + Module.class.getName() + ".BIND_PORT | 1234 (default)");
    assertThat(shown(captured, "server.bind_interface")).contains("| 10.0.0.8 |");
    file("rp-server.ini", "[server]\nbind_port = 2\n");
    assertThat(shown(run("config", "show"), "server.bind_port")).contains("| 2 | rp-server.ini:2");
    environment.put("RP_SERVER_USER_CONFIG_MODULE", file("m.ini", "[gateway]\ndev=1\n").toString());
    assertThat(shown(run("config", "show"), "gateway.dev")).contains("| 1 | m.ini:2 |");
  }

  @Test
  void all_that_is_wrong_is_said_with_its_place_and_nothing_is_started() throws IOException {
    environment.put("RP_STATSD_PORT", "x");
    file(
        "rp-server.ini",
        "[server]\nbind_prot = 1\nbind_port = 70000\nheartbeat_interval = soon\n"
            + "[event]\ntimeout = ${NO_SUCH}\n[mine]\nanything = goes\n[client]\ntarget_prot = 1\n");

    for (String command : new String[] {"start", "config"}) {
      String[] arguments = {command, command.equals("config") ? "check" : "--bind-port=70001"};
      assertThat(refused(arguments))
          .contains("RP_STATSD_PORT = x: must be 1 to 65535")
          .contains(
              "server.bind_prot (rp-server.ini:2): there is no such key; did you mean"
                  + " server.bind_port?")
          .contains("server.heartbeat_interval = soon (rp-server.ini:4): must be 50ms to 1h")
          .contains(
              "event.timeout = ${NO_SUCH} (rp-server.ini:6): the environment variable NO_SUCH"
                  + " is not set")
          .contains(
              "client.target_prot (rp-server.ini:10): there is no such key; did you mean"
                  + " client.target_port?")
          .doesNotContain("mine")
          .hasLineCount(6);
    }
    assertThat(refused("config", "check"))
        .contains("server.bind_port = 70000 (rp-server.ini:3): must be 0 to 65535");
  }

  @Test
  void files_that_cannot_be_read_are_said_with_what_named_them() throws IOException {
    environment.put("RP_SERVER_CONFIG", "/no/such.ini");
    String broken = file("broken.ini", "[server\n").toString();

    assertThat(refused("start", "-c", broken, "--bind-port", "x"))
        .isEqualTo(
            """
            rp-server start: RP_SERVER_CONFIG: there is no file /no/such.ini: make it, or correct the name
            rp-server start: broken.ini:1: must be a section such as [server], with nothing after it
            rp-server start: --bind-port = x: must be 0 to 65535
            """);
  }

  @Test
  void check_is_silent_about_what_is_right() {
    assertThat(run("config", "check").out()).isEqualTo("rp-server: the configuration is right\n");
  }

  @Test
  void show_prints_json() {
    String json = run("config", "show", "--json", "--groups", "a,b").out();

    assertThat(json)
        .contains("\"key\" : \"server.groups\"")
        .contains("\"value\" : \"a,b\"")
        .contains("\"origin\" : \"--groups\"");
  }

  @Test
  void init_writes_a_file_that_sets_nothing_and_whose_lines_are_right() throws IOException {
    Path file = folder.resolve("rp-server.ini");

    assertThat(run("config", "init").out()).isEqualTo("written " + file + "\n");

    assertThat(Configuration.load(file).values()).isEmpty();
    String all = Files.readString(file).replaceAll("(?m)^#(\\w+ = )", "$1");
    Settings settings =
        Settings.of(ServerSettings.ALL)
            .configuration(Configuration.from().text(file, all).load())
            .resolve();
    assertThat(settings.origin(ServerSettings.BIND_PORT).toString()).startsWith(file + ":");
    assertThat(settings.get(ServerSettings.BIND_PORT)).isEqualTo(1234);
    assertThat(refused("config", "init")).contains("rp-server.ini is there already");
    assertThat(run("config", "init", "-").out()).isEqualTo(Files.readString(file));
  }

  @Test
  void a_client_has_files_of_its_own() throws IOException {
    file(
        "rp-client.ini", "[client]\ntarget_hostname = pipe.example.com\n[server]\nbind_port = 1\n");
    var captured = new Captured(environment, "");

    assertThat(captured.client().run("config", "show")).as(captured.err()).isZero();

    assertThat(shown(captured, "client.target_hostname"))
        .isEqualTo(
            "client.target_hostname | pipe.example.com | rp-client.ini:2 | localhost (default)");
  }
}
