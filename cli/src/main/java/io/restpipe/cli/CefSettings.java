package io.restpipe.cli;

import io.restpipe.cef.CefConfig;
import io.restpipe.cef.CefConfigException.Wrong;
import io.restpipe.config.Problem;
import io.restpipe.config.Rule;
import io.restpipe.config.Setting;
import io.restpipe.config.SettingType;
import io.restpipe.config.Settings;
import io.restpipe.config.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The section {@code [cef]}: where security events go. Its values are read by {@link CefConfig},
 * which knows what is right; here they have names, defaults to show, and origins.
 */
final class CefSettings {

  private static final String SECTION = "cef.";
  private static final String NONE = "none";

  private static final Setting<String> FILE =
      one(
          "file",
          Types.pathOr("none", "slf4j", "stdout", "syslog"),
          "slf4j",
          "Where security events go: nowhere, this log, standard output, syslog, or a file.");

  private static final Setting<String> VERSION =
      one("version", text("0|1"), "0", "The version of the Common Event Format.");

  private static final Setting<String> VENDOR =
      one(
          "vendor",
          text("TEXT"),
          "RestPipe",
          "What events say made them: the vendor, at most 63 characters.");

  private static final Setting<String> PRODUCT =
      one("product", text("TEXT"), "RestPipe", "The product, at most 63 characters.");

  private static final Setting<String> DEVICE_VERSION =
      one(
          "device_version",
          text("TEXT"),
          "1",
          "The version of the product, at most 31 characters.");

  private static final Setting<String> MAX_LENGTH =
      one(
          "max_length",
          text("BYTES"),
          "1024",
          "How long a record may be, with what stands before it: 512 to 1048576.");

  private static final Setting<String> TIME_FORMAT =
      one(
          "time_format",
          text("FORMAT"),
          "millis",
          "How times are written: millis, or a form of the standard.");

  private static final Setting<String> TIME_ZONE =
      one("time_zone", text("ZONE"), "UTC", "The time zone of times that are not millis.");

  private static final Setting<List<String>> TRUSTED_PROXIES =
      one(
          "trusted_proxies",
          Types.words(),
          "",
          "Whose X-Forwarded-For Cef.logCef believes; a node asks gateway.trusted_proxies.");

  private static final Setting<String> FILE_PREFIX =
      one(
          "file_prefix",
          text("BOOL"),
          "true",
          "Whether lines of a file begin with date and host, as syslog has them.");

  private static final Setting<String> FSYNC =
      one("fsync", text("never|every_second|always"), "never", "When a file is forced to disk.");

  private static final Setting<String> ROTATE_SIZE =
      one("rotate_size", text("SIZE"), "", "At which size a file is moved aside; unset, never.");

  private static final Setting<String> ROTATE_EVERY =
      one(
          "rotate_every",
          text("TIME"),
          "",
          "After which time a file is moved aside, such as 1d; unset, never.");

  private static final Setting<String> ROTATE_KEEP =
      one(
          "rotate_keep",
          text("COUNT"),
          "10",
          "How many files that were moved aside are kept: 1 to 1000.");

  private static final Setting<String> SYSLOG_ADDRESS =
      one(
          "syslog_address",
          text("ADDRESS"),
          "/dev/log",
          "Where syslog is: a path, udp://HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT.");

  private static final Setting<String> SYSLOG_FORMAT =
      one("syslog_format", text("rfc3164|rfc5424"), "rfc3164", "The header of a syslog message.");

  private static final Setting<String> SYSLOG_FRAMING =
      one(
          "syslog_framing",
          text("newline|octet_counting"),
          "newline",
          "How messages are parted over TCP and TLS.");

  private static final Setting<String> SYSLOG_FACILITY =
      one("syslog_facility", text("FACILITY"), "LOCAL4", "KERN to LOCAL7.");

  private static final Setting<String> SYSLOG_PRIORITY =
      one("syslog.priority", text("PRIORITY"), "INFO", "EMERG to DEBUG.");

  private static final Setting<String> SYSLOG_IDENT =
      one("syslog_ident", text("TAG"), "", "The tag of a message; unset, the event's own CEF:.");

  private static final Setting<List<String>> SYSLOG_OPTIONS =
      one(
          "syslog_options",
          Types.words(),
          "",
          "PID, CONS, PERROR; NDELAY and NOWAIT mean nothing here.");

  private static final Setting<String> SYSLOG_HOST =
      one(
          "syslog_host",
          text("HOST"),
          "",
          "The host in headers and prefixes; unset, this machine's name.");

  private static final Setting<String> SYSLOG_TIME_ZONE =
      one(
          "syslog_time_zone",
          text("ZONE"),
          "",
          "The time zone of headers and prefixes; unset, this machine's.");

  private static final Setting<String> TLS_CA =
      one(
          "tls_ca",
          Types.pathOr(),
          "",
          "The authorities that a collector's certificate may be from, PEM; unset, Java's.");

  private static final Setting<String> TLS_CERTIFICATE =
      one("tls_certificate", Types.pathOr(), "", "The certificate that a collector is shown, PEM.");

  private static final Setting<String> TLS_KEY =
      one("tls_key", Types.pathOr(), "", "Its private key, PEM.");

  private static final Setting<String> SPOOL =
      one(
          "spool",
          Types.pathOr("memory"),
          "",
          "A folder for what a collector on TCP or TLS has not read yet, which nothing else uses.");

  private static final Setting<String> SPOOL_SIZE =
      one("spool_size", text("SIZE"), "64m", "How much it holds.");

  private static final Setting<String> QUEUE_SIZE =
      one(
          "queue_size",
          text("COUNT"),
          "8192",
          "How many events wait for the file or collector: 1 to 1048576.");

  private static final Setting<String> WHEN_FULL =
      one(
          "when_full",
          text("drop|block|spill"),
          "drop",
          "What happens to events when that many wait.");

  private static final Setting<String> BLOCK_AT_MOST =
      one(
          "block_at_most",
          text("TIME"),
          "100ms",
          "How long an event then waits before it is lost, where it is to block.");

  private static final Setting<String> SPILL =
      one(
          "spill",
          Types.pathOr(),
          "",
          "A folder for events that are to be spilled then, which nothing else uses.");

  private static final Setting<String> SPILL_SIZE =
      one("spill_size", text("SIZE"), "64m", "How much it holds.");

  /** All of them. */
  static final List<Setting<?>> ALL =
      List.of(
          FILE,
          VERSION,
          VENDOR,
          PRODUCT,
          DEVICE_VERSION,
          MAX_LENGTH,
          TIME_FORMAT,
          TIME_ZONE,
          TRUSTED_PROXIES,
          FILE_PREFIX,
          FSYNC,
          ROTATE_SIZE,
          ROTATE_EVERY,
          ROTATE_KEEP,
          SYSLOG_ADDRESS,
          SYSLOG_FORMAT,
          SYSLOG_FRAMING,
          SYSLOG_FACILITY,
          SYSLOG_PRIORITY,
          SYSLOG_IDENT,
          SYSLOG_OPTIONS,
          SYSLOG_HOST,
          SYSLOG_TIME_ZONE,
          TLS_CA,
          TLS_CERTIFICATE,
          TLS_KEY,
          SPOOL,
          SPOOL_SIZE,
          QUEUE_SIZE,
          WHEN_FULL,
          BLOCK_AT_MOST,
          SPILL,
          SPILL_SIZE);

  /** A rule for each: what is wrong with several is said of each in its place. */
  static final List<Rule> RULES = rules();

  /** What the last check said: all rules ask about the same settings, and files are read for it. */
  private record Checked(Optional<Settings> settings, List<Wrong> wrong) {}

  private static Checked checked = new Checked(Optional.empty(), List.of());

  private CefSettings() {}

  /** For what the library reads: any text passes here. */
  private static SettingType<String> text(String label) {
    return Types.text(label);
  }

  private static <T> Setting<T> one(String key, SettingType<T> type, String standing, String help) {
    Setting.Builder<T> setting =
        Setting.of(SECTION + key, type)
            .environment("RP_CEF_" + key.toUpperCase(Locale.ROOT).replace('.', '_'));
    return (standing.isEmpty() ? setting : setting.orElse(standing)).help(help);
  }

  /** What is configured; empty where events are to go nowhere. */
  static Optional<CefConfig> config(Settings settings) {
    return settings.get(FILE).equals(NONE)
        ? Optional.empty()
        : Optional.of(CefConfig.of(section(settings)));
  }

  private static Map<String, Object> section(Settings settings) {
    var section = new HashMap<String, Object>();
    for (Setting<?> setting : ALL) {
      settings
          .find(setting)
          .ifPresent(value -> section.put(setting.key().substring(SECTION.length()), value));
    }
    if (settings.get(FILE).equals(NONE)) {
      section.put("file", "slf4j");
    }
    return section;
  }

  private static List<Rule> rules() {
    var rules = new ArrayList<Rule>();
    for (Setting<?> setting : ALL) {
      rules.add(new Rule(ALL, settings -> problem(setting, settings)));
    }
    return List.copyOf(rules);
  }

  private static Optional<Problem> problem(Setting<?> setting, Settings settings) {
    return wrong(settings).stream()
        .filter(one -> setting.key().equals(SECTION + one.key()))
        .findFirst()
        .map(one -> settings.problem(setting, one.rule()));
  }

  private static synchronized List<Wrong> wrong(Settings settings) {
    if (!checked.settings.equals(Optional.of(settings))) {
      checked = new Checked(Optional.of(settings), CefConfig.wrong(section(settings)));
    }
    return checked.wrong;
  }
}
