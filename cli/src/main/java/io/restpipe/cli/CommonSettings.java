package io.restpipe.cli;

import io.restpipe.config.Problem;
import io.restpipe.config.Rule;
import io.restpipe.config.Secret;
import io.restpipe.config.Setting;
import io.restpipe.config.SettingType;
import io.restpipe.config.Settings;
import io.restpipe.config.Types;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The settings that a server and a client have in common. */
final class CommonSettings {

  static final SettingType<Boolean> BOOL = Types.bool();

  /** As long as somebody may wait for something. */
  static final SettingType<Duration> WAIT =
      Types.seconds(Duration.ofMillis(1), Duration.ofHours(24));

  /** The same, or not at all. */
  static final SettingType<Duration> WAIT_OR_NOT =
      Types.seconds(Duration.ZERO, Duration.ofHours(24));

  static final SettingType<Duration> HEARTBEAT =
      Types.seconds(Duration.ofMillis(50), Duration.ofHours(1));

  private static final Path SYSTEM_FOLDER = Path.of("/var/lib/restpipe");
  private static final String FOLDER = SYSTEM_FOLDER + " where it is writable, else ~/.restpipe";

  static final Setting<String> CA_CRT_FILENAME =
      Setting.of("identity.ca_crt_filename", Types.fileName())
          .environment("RP_CA_CRT_FILENAME")
          .flag("--ca-crt-filename")
          .orElse("ca.crt.pem")
          .help("The file in the identity's folder that holds the authority's certificate.");

  static final Setting<Secret> KEY_PASSPHRASE =
      Setting.of("identity.key_passphrase", Types.secret())
          .environment("RP_KEY_PASSPHRASE")
          .help(
              "The passphrase of the private key, where it has one; RP_KEY_PASSPHRASE_FILE names a"
                  + " file with it.");

  static final Setting<List<String>> CRL_FILENAMES =
      Setting.of("identity.crl_filenames", Types.words())
          .environment("RP_CRL_FILENAMES")
          .flag("--crl-filenames")
          .help(
              "Files with lists of revoked certificates, in the identity's folder; unset, ca.crl.pem"
                  + " if it is there.");

  static final Setting<String> EVENT_HANDLER =
      Setting.of("handler.class", Types.className())
          .environment("RP_EVENT_HANDLER_FQ_CLASS")
          .flag("--event-handler-class")
          .help("The class that answers events; without one, time and cat are answered.");

  static final Setting<String> CLASSPATH =
      Setting.of("handler.classpath", Types.text("CLASSPATH"))
          .environment("RP_CLASSPATH")
          .flag("--classpath")
          .help("Where your classes are: jars, folders, and FOLDER/* for all jars in one.");

  static final Setting<Optional<String>> STATSD_HOST =
      Setting.of("statsd.host", Types.optional(Types.host()))
          .environment("RP_STATSD_HOST")
          .flag("--statsd-host")
          .orElse("localhost")
          .help("Where statsd listens; this and the port empty: no statsd.");

  static final Setting<Optional<Integer>> STATSD_PORT =
      Setting.of("statsd.port", Types.optional(Types.targetPort()))
          .environment("RP_STATSD_PORT")
          .flag("--statsd-port")
          .orElse("8125")
          .help("The UDP port of statsd.");

  static final Setting<Boolean> DEBUG =
      Setting.of("log.debug", BOOL)
          .environment("DEBUG")
          .flag("--debug")
          .orElse("0")
          .reloadable()
          .help("Logs what goes on underneath, and shows stack traces.");

  static final Setting<Boolean> DEV =
      Setting.of("gateway.dev", BOOL)
          .environment("RP_DEV")
          .flag("--dev")
          .orElse("0")
          .help("Lets the gateway listen off loopback without authentication. Not for production.");

  static final Setting<Duration> EVENT_TIMEOUT =
      Setting.of("event.timeout", WAIT)
          .environment("RP_EVENT_TIMEOUT_S")
          .flag("--event-timeout")
          .orElse("30")
          .help("How long an event may take altogether, unless its sender says less.");

  static final Setting<Duration> PEER_WAIT =
      Setting.of("event.peer_wait", WAIT_OR_NOT)
          .environment("RP_PEER_WAIT_S")
          .flag("--peer-wait")
          .orElse("20")
          .help("How long an event waits for a known peer that is not connected.");

  static final Setting<Duration> GRACEFUL_SHUTDOWN =
      Setting.of("shutdown.graceful_interval", WAIT_OR_NOT)
          .environment("RP_GRACEFUL_SHUTDOWN_INTERVAL_S")
          .flag("--graceful-shutdown-interval")
          .orElse("0")
          .help("How long a stopping node still answers, its heartbeat page already saying 503.");

  static final Setting<Duration> HARD_SHUTDOWN =
      Setting.of("shutdown.hard_interval", WAIT_OR_NOT)
          .environment("RP_HARD_SHUTDOWN_INTERVAL_S")
          .flag("--hard-shutdown-interval")
          .orElse("10")
          .help("How long a stopping node then lets what runs come to its end.");

  static final Setting<Boolean> LEGACY_STATUS =
      Setting.of("gateway.legacy_status", BOOL)
          .environment("RP_LEGACY_STATUS")
          .flag("--legacy-status")
          .orElse("0")
          .help("Answers 200 where a handler failed or is not there, as RestPipe 0.2 did.");

  static final Setting<Boolean> SHOW_TRACEBACKS =
      Setting.of("gateway.show_tracebacks", BOOL)
          .environment("RP_SHOW_TRACEBACKS")
          .flag("--show-tracebacks")
          .orElse("0")
          .help("Shows stack traces to callers that are not on loopback, too.");

  static final Setting<Boolean> ACCESS_LOG =
      Setting.of("gateway.access_log", BOOL)
          .environment("RP_ACCESS_LOG")
          .flag("--access-log")
          .orElse("1")
          .help("Logs a line for each request to the gateway.");

  static final Setting<String> INSTANCE =
      Setting.of("node.instance", Types.text("NAME"))
          .environment("RP_INSTANCE")
          .flag("--instance")
          .help("Tells this process from others with the same name; another one at each start.");

  static final Setting<Boolean> WATCH =
      Setting.of("config.watch", BOOL)
          .environment("RP_CONFIG_WATCH")
          .flag("--config-watch")
          .orElse("0")
          .help("Reads the settings again when one of their files changes, as SIGHUP does.");

  /** What both nodes take. */
  static final List<Setting<?>> NODE =
      List.of(
          CRL_FILENAMES,
          EVENT_HANDLER,
          CLASSPATH,
          EVENT_TIMEOUT,
          PEER_WAIT,
          INSTANCE,
          GRACEFUL_SHUTDOWN,
          HARD_SHUTDOWN,
          DEV,
          LEGACY_STATUS,
          SHOW_TRACEBACKS,
          ACCESS_LOG,
          STATSD_HOST,
          STATSD_PORT,
          DEBUG,
          WATCH,
          LegacySettings.MAX_BODY,
          LegacySettings.TLS_VERSIONS);

  /** statsd needs both its host and its port, or neither. */
  static final Rule STATSD = new Rule(List.of(STATSD_HOST, STATSD_PORT), CommonSettings::statsd);

  /** What must hold between settings of a node. */
  static final List<Rule> RULES =
      Stream.concat(Stream.of(STATSD), CefSettings.RULES.stream()).toList();

  private CommonSettings() {}

  /** Those of servers and clients: one file may have both. A method, for they need these here. */
  static List<Setting<?>> all() {
    return Stream.<Setting<?>>concat(ServerSettings.ALL.stream(), ClientSettings.ALL.stream())
        .distinct()
        .toList();
  }

  private static Optional<Problem> statsd(Settings settings) {
    boolean host = settings.get(STATSD_HOST).isPresent();
    boolean port = settings.get(STATSD_PORT).isPresent();
    if (host == port) {
      return Optional.empty();
    }
    Setting<?> empty = host ? STATSD_PORT : STATSD_HOST;
    Setting<?> full = host ? STATSD_HOST : STATSD_PORT;
    return Optional.of(
        settings.problem(
            empty,
            "must not be empty while "
                + full.environment().get(0)
                + " is "
                + settings.text(full)
                + " ("
                + settings.origin(full)
                + "): set both, or empty both to turn statsd off"));
  }

  /** The folder of an identity. */
  static Setting<Path> folder(String key, String variable) {
    return Setting.of(key, Types.path())
        .environment(variable)
        .flag("--cert-path")
        .orElse(FOLDER, () -> defaultFolder(System.getenv(), SYSTEM_FOLDER))
        .help("The folder of the identity: key, certificate and authority.");
  }

  /** One of the identity's own two files. */
  static Setting<String> file(String role, String part, String variable, String help) {
    return Setting.of(role + "." + part + "_filename", Types.fileName())
        .environment(variable)
        .flag("--" + part + "-filename")
        .orElse("restpipe." + role + "." + part + ".pem")
        .help(help);
  }

  /** Where identities are unless somebody says otherwise. */
  static Path defaultFolder(Map<String, String> environment, Path system) {
    if (Files.isDirectory(system) ? Files.isWritable(system) : canCreate(system)) {
      return system;
    }
    String home = environment.getOrDefault("HOME", "");
    return Path.of(home.isEmpty() ? System.getProperty("user.home") : home, ".restpipe");
  }

  private static boolean canCreate(Path folder) {
    Path parent = folder.getParent();
    return !Files.exists(folder) && parent != null && Files.isWritable(parent);
  }
}
