package io.restpipe.cli;

import io.restpipe.config.Secret;
import io.restpipe.config.Setting;
import io.restpipe.config.SettingType;
import io.restpipe.config.Types;
import java.nio.file.Path;
import java.time.Duration;

/** The settings of an authority: those of {@code rp-ca}, and of a server that has one. */
final class CaSettings {

  private static final SettingType<Duration> LIFE =
      Types.seconds(Duration.ofSeconds(1), Duration.ofDays(36_525));

  static final Setting<Path> PATH =
      Setting.of("ca.path", Types.path())
          .environment("RP_CA_PATH")
          .flag("--ca-path")
          .help(
              "The folder of the authority (made by rp-ca init) with which this server lets clients"
                  + " join and renew.");

  static final Setting<Secret> KEY_PASSPHRASE =
      Setting.of("ca.key_passphrase", Types.secret())
          .environment("RP_CA_KEY_PASSPHRASE")
          .help(
              "The passphrase of the authority's key, where it has one; RP_CA_KEY_PASSPHRASE_FILE"
                  + " names a file with it.");

  /** Of one certificate. */
  static final Setting<Duration> LIFETIME =
      Setting.of("certificate.lifetime", LIFE)
          .flag("--lifetime")
          .orElse("825d")
          .help("How long the certificate is valid.");

  /** Of an authority. */
  static final Setting<Duration> AUTHORITY_LIFETIME =
      Setting.of("authority.lifetime", LIFE)
          .flag("--lifetime")
          .orElse("3652d")
          .help("How long the authority is valid.");

  /** Of a list of revoked certificates. */
  static final Setting<Duration> LIST_LIFETIME =
      Setting.of("list.lifetime", LIFE)
          .flag("--lifetime")
          .orElse("180d")
          .help("After how long the list counts as out of date.");

  private CaSettings() {}
}
