package io.restpipe.cli;

import io.restpipe.cli.GatewaySettings.Way;
import io.restpipe.config.Configuration;
import io.restpipe.config.DataSize;
import io.restpipe.config.Endpoint;
import io.restpipe.config.Setting;
import io.restpipe.config.SettingType;
import io.restpipe.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is said of one group of listeners: of the plain gateway, of {@code [https]}, or of one of
 * the sections {@code [https:NAME]} of the files. What a section leaves unsaid, {@code [https]} and
 * {@code [gateway]} say.
 */
final class ListenerSettings {

  private static final String PREFIX = "https:";

  private final Settings common;
  private final Settings own;
  private final Keys keys;

  private ListenerSettings(Settings common, Settings own, Keys keys) {
    this.common = common;
    this.own = own;
    this.keys = keys;
  }

  /** The settings of one group, by which problems with them are said. */
  private record Keys(
      Setting<List<Endpoint.Tcp>> listen,
      Setting<List<Way>> authentication,
      Setting<Path> keyFile,
      Setting<Path> crtFile,
      Setting<Path> caFile,
      Setting<List<String>> origins,
      Setting<List<String>> proxies,
      Setting<Integer> rateLimit,
      Setting<Integer> rateBurst,
      Setting<DataSize> maxBody,
      Setting<Boolean> openPages) {

    static Keys of(String section) {
      return new Keys(
          in(section, GatewaySettings.HTTPS_LISTEN),
          in(section, GatewaySettings.HTTPS_AUTHENTICATION),
          in(section, GatewaySettings.HTTPS_KEY_FILE),
          in(section, GatewaySettings.HTTPS_CRT_FILE),
          in(section, GatewaySettings.HTTPS_CA_FILE),
          in(section, GatewaySettings.ORIGINS),
          in(section, GatewaySettings.TRUSTED_PROXIES),
          in(section, GatewaySettings.RATE_LIMIT),
          in(section, GatewaySettings.RATE_BURST),
          in(section, GatewaySettings.MAX_BODY),
          in(section, GatewaySettings.OPEN_PAGES));
    }

    private static <T> Setting<T> in(String section, Setting<T> like) {
      String name = like.key().substring(like.key().indexOf('.') + 1);
      SettingType<T> type = like.type();
      return Setting.of(section + "." + name, type).help(like.help());
    }

    List<Setting<?>> all() {
      return List.of(
          listen,
          authentication,
          keyFile,
          crtFile,
          caFile,
          origins,
          proxies,
          rateLimit,
          rateBurst,
          maxBody,
          openPages);
    }
  }

  private static final Keys HTTPS =
      new Keys(
          GatewaySettings.HTTPS_LISTEN,
          GatewaySettings.HTTPS_AUTHENTICATION,
          GatewaySettings.HTTPS_KEY_FILE,
          GatewaySettings.HTTPS_CRT_FILE,
          GatewaySettings.HTTPS_CA_FILE,
          GatewaySettings.ORIGINS,
          GatewaySettings.TRUSTED_PROXIES,
          GatewaySettings.RATE_LIMIT,
          GatewaySettings.RATE_BURST,
          GatewaySettings.MAX_BODY,
          GatewaySettings.OPEN_PAGES);

  /** Those of {@code [https]}, and of the plain gateway where it has the same. */
  static ListenerSettings https(Settings settings) {
    return new ListenerSettings(settings, settings, HTTPS);
  }

  /**
   * Those of each section {@code [https:NAME]}.
   *
   * @throws io.restpipe.config.ConfigException if a value is wrong, or a key is none
   */
  static List<ListenerSettings> sections(Settings settings, Configuration files)
      throws CommandException {
    var found = new ArrayList<ListenerSettings>();
    for (String section : files.sections()) {
      if (section.toLowerCase(Locale.ROOT).startsWith(PREFIX)) {
        Keys keys = Keys.of(section);
        Settings own = Settings.of(keys.all()).configuration(files).resolve();
        var listener = new ListenerSettings(settings, own, keys);
        if (listener.listen().isEmpty()) {
          throw listener.wrong(keys.listen, "must say where to listen: HOST:PORT,...");
        }
        found.add(listener);
      }
    }
    return found;
  }

  private <T> Optional<T> find(Setting<T> ofSection, Setting<T> otherwise) {
    Optional<T> value = own.find(ofSection);
    return value.isPresent() ? value : common.find(otherwise);
  }

  List<Endpoint.Tcp> listen() {
    return own.find(keys.listen).orElse(List.of());
  }

  Optional<List<Way>> authentication() {
    return find(keys.authentication, HTTPS.authentication);
  }

  Setting<?> authenticationSetting() {
    return keys.authentication;
  }

  /** Key and certificate; a section that says neither has those of {@code [https]}. */
  Optional<Path> keyFile() throws CommandException {
    if (own.find(keys.keyFile).isPresent() != own.find(keys.crtFile).isPresent()) {
      throw wrong(keys.crtFile, "must be set together with " + keys.keyFile.key() + ", or neither");
    }
    return find(keys.keyFile, HTTPS.keyFile);
  }

  Optional<Path> crtFile() {
    return find(keys.crtFile, HTTPS.crtFile);
  }

  Optional<Path> caFile() {
    return find(keys.caFile, HTTPS.caFile);
  }

  List<String> origins() {
    return find(keys.origins, HTTPS.origins).orElse(List.of());
  }

  List<String> trustedProxies() {
    return find(keys.proxies, HTTPS.proxies).orElse(List.of());
  }

  Optional<Integer> rateLimit() {
    return find(keys.rateLimit, HTTPS.rateLimit);
  }

  /** At once; that of {@code [gateway]} only together with its rate. */
  Optional<Integer> rateBurst() {
    return own.find(keys.rateLimit).isPresent()
        ? own.find(keys.rateBurst)
        : find(keys.rateBurst, HTTPS.rateBurst);
  }

  Optional<DataSize> maxBody() {
    return find(keys.maxBody, HTTPS.maxBody);
  }

  boolean openPages() {
    return find(keys.openPages, HTTPS.openPages).orElse(false);
  }

  CommandException wrong(Setting<?> setting, String sentence) {
    return new CommandException(ExitCode.USAGE, own.problem(setting, sentence).toString());
  }
}
