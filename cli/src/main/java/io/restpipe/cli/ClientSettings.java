package io.restpipe.cli;

import io.restpipe.config.Endpoint;
import io.restpipe.config.Setting;
import io.restpipe.config.Types;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The settings of {@code rp-client}. */
final class ClientSettings {

  static final Setting<String> TARGET_HOSTNAME =
      Setting.of("client.target_hostname", Types.host())
          .environment("RP_CLIENT_TARGET_HOSTNAME")
          .flag("--target-hostname")
          .orElse("localhost")
          .help("The server's host; its certificate must be for this name.");

  static final Setting<Integer> TARGET_PORT =
      Setting.of("client.target_port", Types.targetPort())
          .environment("RP_CLIENT_TARGET_PORT")
          .flag("--target-port")
          .orElse("1234")
          .help("The port of the server's pipe.");

  static final Setting<Endpoint> GATEWAY =
      Setting.of("client.gateway", Types.endpoint())
          .environment("RP_CLIENT_GATEWAY")
          .flag("--gateway")
          .orElse("127.0.0.1:7081")
          .help("Where the client takes HTTP requests.");

  static final Setting<Path> POLICY = GatewaySettings.policy("client", "RP_CLIENT_POLICY");

  static final Setting<Path> CERT_PATH =
      CommonSettings.folder("client.cert_path", "RP_CLIENT_CERT_PATH");

  static final Setting<String> KEY_FILENAME =
      CommonSettings.file(
          "client", "key", "RP_CLIENT_KEY_FILENAME", "The file with the client's private key.");

  static final Setting<String> CRT_FILENAME =
      CommonSettings.file(
          "client", "crt", "RP_CLIENT_CRT_FILENAME", "The file with the client's certificate.");

  static final Setting<String> LISTENER =
      Setting.of("client.connection_state_change_event_class", Types.className())
          .environment("RP_CLIENT_CONNECTION_STATE_CHANGE_EVENT_CLASS")
          .flag("--connection-state-change-event-class")
          .help("A ClientListener that hears of connections made and failed.");

  static final Setting<Duration> HEARTBEAT_INTERVAL =
      Setting.of("client.heartbeat_interval", CommonSettings.HEARTBEAT)
          .environment("RP_CLIENT_HEARTBEAT_INTERVAL_S")
          .flag("--heartbeat-interval")
          .orElse("5")
          .help("After how much silence the server is asked for a sign of life.");

  static final Setting<Duration> HEARTBEAT_TIMEOUT =
      Setting.of("client.heartbeat_timeout", CommonSettings.HEARTBEAT)
          .environment("RP_CLIENT_HEARTBEAT_TIMEOUT_S")
          .flag("--heartbeat-timeout")
          .help("After how much silence the server counts as dead; unset, twice the interval.");

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

  private ClientSettings() {}

  private static List<Setting<?>> all() {
    var all = new ArrayList<Setting<?>>(List.of(TARGET_HOSTNAME, TARGET_PORT, GATEWAY, POLICY));
    all.addAll(IDENTITY);
    all.addAll(List.of(LISTENER, HEARTBEAT_INTERVAL, HEARTBEAT_TIMEOUT));
    all.addAll(LegacySettings.CLIENT);
    all.addAll(LoginSettings.VERIFYING);
    all.addAll(GatewaySettings.ALL);
    all.addAll(CommonSettings.NODE);
    all.addAll(CefSettings.ALL);
    return List.copyOf(all);
  }
}
