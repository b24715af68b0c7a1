package io.restpipe.cli;

import io.restpipe.config.Endpoint;
import io.restpipe.config.Setting;
import io.restpipe.config.Types;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The settings of {@code rp-server}. */
final class ServerSettings {

  static final Setting<String> BIND_INTERFACE =
      Setting.of("server.bind_interface", Types.host())
          .environment("RP_SERVER_BIND_INTERFACE", "BIND_IP")
          .flag("--bind-interface")
          .orElse("0.0.0.0")
          .help("The address at which clients reach the pipe.");

  static final Setting<Integer> BIND_PORT =
      Setting.of("server.bind_port", Types.port())
          .environment("RP_SERVER_BIND_PORT", "BIND_PORT")
          .flag("--bind-port")
          .orElse("1234")
          .help("The port of the pipe; 0 takes any free one.");

  static final Setting<Endpoint.Tcp> ADDRESS =
      Setting.of("server.address", Types.hostAndPort())
          .environment("RP_SERVER_ADDRESS")
          .flag("--address")
          .help(
              "How clients reach the pipe, for join lines; unset, the first host in the server's"
                  + " certificate, and the bind port.");

  static final Setting<Endpoint> GATEWAY =
      Setting.of("server.gateway", Types.endpoint())
          .environment("RP_SERVER_GATEWAY")
          .flag("--gateway")
          .orElse("127.0.0.1:7080")
          .help("Where the server takes HTTP requests.");

  static final Setting<Path> POLICY = GatewaySettings.policy("server", "RP_SERVER_POLICY");

  static final Setting<Path> CERT_PATH =
      CommonSettings.folder("server.cert_path", "RP_SERVER_CERT_PATH");

  static final Setting<String> KEY_FILENAME =
      CommonSettings.file(
          "server", "key", "RP_SERVER_KEY_FILENAME", "The file with the server's private key.");

  static final Setting<String> CRT_FILENAME =
      CommonSettings.file(
          "server", "crt", "RP_SERVER_CRT_FILENAME", "The file with the server's certificate.");

  static final Setting<String> LISTENER =
      Setting.of("server.connection_state_change_event_class", Types.className())
          .environment("RP_SERVER_CONNECTION_STATE_CHANGE_EVENT_CLASS")
          .flag("--connection-state-change-event-class")
          .help("A ServerListener that hears of clients that come and go.");

  static final Setting<Duration> HEARTBEAT_INTERVAL =
      Setting.of("server.heartbeat_interval", CommonSettings.HEARTBEAT)
          .environment("RP_SERVER_HEARTBEAT_INTERVAL_S")
          .flag("--heartbeat-interval")
          .orElse("5")
          .help("After how much silence the client is asked for a sign of life.");

  static final Setting<Duration> HEARTBEAT_TIMEOUT =
      Setting.of("server.heartbeat_timeout", CommonSettings.HEARTBEAT)
          .environment("RP_SERVER_HEARTBEAT_TIMEOUT_S")
          .flag("--heartbeat-timeout")
          .help("After how much silence the client counts as dead; unset, twice the interval.");

  static final Setting<List<String>> GROUPS =
      Setting.of("server.groups", Types.words())
          .environment("RP_SERVER_GROUPS")
          .flag("--groups")
          .help("Names that several machines may have at once; calls go to the least busy one.");

  /** Those that say where the identity is. */
  static final List<Setting<?>> IDENTITY =
      List.of(
          CERT_PATH,
          KEY_FILENAME,
          CRT_FILENAME,
          CommonSettings.CA_CRT_FILENAME,
          CommonSettings.KEY_PASSPHRASE);

  /** All of them. */
  static final List<Setting<?>> ALL = all();

  private ServerSettings() {}

  private static List<Setting<?>> all() {
    var all = new ArrayList<Setting<?>>(List.of(BIND_INTERFACE, BIND_PORT, GATEWAY, POLICY));
    all.addAll(IDENTITY);
    all.addAll(List.of(ADDRESS, CaSettings.PATH, CaSettings.KEY_PASSPHRASE));
    all.addAll(List.of(LISTENER, HEARTBEAT_INTERVAL, HEARTBEAT_TIMEOUT, GROUPS));
    all.addAll(LegacySettings.SERVER);
    all.addAll(UserSettings.ALL);
    all.addAll(LoginSettings.ALL);
    all.addAll(GatewaySettings.ALL);
    all.addAll(CommonSettings.NODE);
    all.addAll(CefSettings.ALL);
    return List.copyOf(all);
  }
}
