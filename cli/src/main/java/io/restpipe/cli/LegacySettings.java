package io.restpipe.cli;

import io.restpipe.config.DataSize;
import io.restpipe.config.Setting;
import io.restpipe.config.SettingType;
import io.restpipe.config.Settings;
import io.restpipe.config.Types;
import io.restpipe.node.ClientNode;
import io.restpipe.node.ClientProtocol;
import io.restpipe.node.NodeBuilder;
import io.restpipe.node.ServerNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What is said about nodes of version 1 of the protocol: RestPipe 0.2.11. */
final class LegacySettings {

  private static final List<String> TLS_VERSIONS_KNOWN = List.of("TLSv1.2", "TLSv1.1", "TLSv1");
  private static final long LARGEST_BODY = 1L << 30;

  /** What of a server's certificate is checked beside its authority. */
  enum Verify {
    NAME,
    CA
  }

  static final Setting<Boolean> LEGACY =
      Setting.of("server.legacy", Types.bool())
          .environment("RP_SERVER_LEGACY")
          .flag("--legacy")
          .orElse("on")
          .help("Lets clients of RestPipe 0.2.11 in. Switch it off once none is left.");

  static final Setting<Duration> HEARTBEAT_TIMEOUT =
      Setting.of(
              "server.legacy_heartbeat_timeout",
              Types.seconds(Duration.ofMillis(100), Duration.ofHours(2)))
          .environment("RP_SERVER_LEGACY_HEARTBEAT_TIMEOUT_S")
          .flag("--legacy-heartbeat-timeout")
          .orElse("10")
          .help("After how much silence a client of RestPipe 0.2.11 counts as dead.");

  static final Setting<ClientProtocol> PROTOCOL =
      Setting.of("client.protocol", SettingType.of("auto|1|2", LegacySettings::protocol))
          .environment("RP_CLIENT_PROTOCOL")
          .flag("--protocol")
          .orElse("auto")
          .help("The protocol's version: 1 is RestPipe 0.2.11; auto: 2 where the server knows it.");

  static final Setting<String> SERVER_NAME =
      Setting.of("client.server_name", Types.text("NAME"))
          .environment("RP_CLIENT_SERVER_NAME")
          .flag("--server-name")
          .help("What the server's certificate must be for, if not for the host.");

  static final Setting<Verify> VERIFY_SERVER =
      Setting.of("client.verify_server", SettingType.of("name|ca", LegacySettings::verify))
          .environment("RP_CLIENT_VERIFY_SERVER")
          .flag("--verify-server")
          .orElse("name")
          .help("ca: any server's certificate of the authority will do, whatever its name.");

  static final Setting<DataSize> MAX_BODY =
      Setting.of("legacy.max_body", SettingType.of("SIZE", LegacySettings::body))
          .environment("RP_LEGACY_MAX_BODY")
          .flag("--legacy-max-body")
          .orElse("16MiB")
          .help("The largest body between this node and one of RestPipe 0.2.11.");

  static final Setting<List<String>> TLS_VERSIONS =
      Setting.of("legacy.tls_versions", SettingType.of("VERSION,...", LegacySettings::versions))
          .environment("RP_LEGACY_TLS_VERSIONS")
          .flag("--legacy-tls-versions")
          .orElse("TLSv1.2")
          .help("TLS for nodes of RestPipe 0.2.11. TLSv1.1 and TLSv1 are not safe.");

  /** Of a server alone. */
  static final List<Setting<?>> SERVER = List.of(LEGACY, HEARTBEAT_TIMEOUT);

  /** Of a client alone. */
  static final List<Setting<?>> CLIENT = List.of(PROTOCOL, SERVER_NAME, VERIFY_SERVER);

  private LegacySettings() {}

  private static ClientProtocol protocol(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "auto" -> ClientProtocol.AUTO;
      case "1" -> ClientProtocol.V1;
      case "2" -> ClientProtocol.V2;
      default -> throw new IllegalArgumentException("must be auto, 1 or 2");
    };
  }

  private static Verify verify(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "name" -> Verify.NAME;
      case "ca" -> Verify.CA;
      default -> throw new IllegalArgumentException("must be name or ca");
    };
  }

  private static DataSize body(String text) {
    DataSize size = DataSize.parse(text);
    if (size.bytes() < 1 || size.bytes() > LARGEST_BODY) {
      throw new IllegalArgumentException("must be 1 to 1GiB");
    }
    return size;
  }

  private static List<String> versions(String text) {
    List<String> versions = Stream.of(text.split("[,\\s]+")).filter(v -> !v.isEmpty()).toList();
    if (versions.isEmpty() || !TLS_VERSIONS_KNOWN.containsAll(versions)) {
      throw new IllegalArgumentException(
          "must be some of " + String.join(", ", TLS_VERSIONS_KNOWN) + ", parted by commas");
    }
    return versions;
  }

  /** Tells either kind of node. */
  static void toNode(NodeBuilder<?> builder, Settings settings) {
    builder.legacyMaxBody((int) settings.get(MAX_BODY).bytes());
    builder.legacyTlsVersions(settings.get(TLS_VERSIONS));
  }

  /** Tells a server. */
  static void toServer(ServerNode.Builder builder, Settings settings) {
    builder.legacy(settings.get(LEGACY));
    builder.legacyHeartbeatTimeout(settings.get(HEARTBEAT_TIMEOUT));
  }

  /** Tells a client. */
  static void toClient(ClientNode.Builder builder, Settings settings) {
    Optional<String> serverName = settings.find(SERVER_NAME);
    serverName.ifPresent(builder::serverName);
    builder.protocol(settings.get(PROTOCOL));
    builder.verifyServerName(settings.get(VERIFY_SERVER) == Verify.NAME);
  }
}
