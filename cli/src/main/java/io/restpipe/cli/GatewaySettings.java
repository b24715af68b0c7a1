package io.restpipe.cli;

import io.restpipe.config.DataSize;
import io.restpipe.config.Endpoint;
import io.restpipe.config.Setting;
import io.restpipe.config.Types;
import java.nio.file.Path;
import java.util.List;

/** The settings of both nodes for who may call through their gateways, and over HTTPS. */
final class GatewaySettings {

  /** How callers of a gateway are asked who they are. */
  enum Way {
    /** By name and password. */
    BASIC,
    /** By a token, in Authorization or in a cookie. */
    TOKEN,
    /** By a certificate, if they show one. */
    CERTIFICATE,
    /** By a certificate, without which there is no connection. */
    CERTIFICATE_REQUIRED
  }

  static final Setting<List<Way>> AUTHENTICATION =
      UserSettings.declare("gateway.authentication", Types.list(Types.oneOf(Way.class)))
          .help("How callers of the plain gateway are asked who they are; unset: not at all.");

  static final Setting<List<Endpoint.Tcp>> HTTPS_LISTEN =
      UserSettings.declare("https.listen", Types.list(Types.hostAndPort()))
          .help("Where the node takes HTTPS requests, beside the plain gateway; unset: nowhere.");

  static final Setting<List<Way>> HTTPS_AUTHENTICATION =
      UserSettings.declare("https.authentication", Types.list(Types.oneOf(Way.class)))
          .help("How callers over HTTPS are asked; unset: all that is set up of basic and token.");

  static final Setting<Path> HTTPS_KEY_FILE =
      UserSettings.declare("https.key_file", Types.path())
          .help("The private key for HTTPS; unset, that of the node. Read again when it changes.");

  static final Setting<Path> HTTPS_CRT_FILE =
      UserSettings.declare("https.crt_file", Types.path())
          .help("The certificate for HTTPS and its chain; unset, those of the node.");

  static final Setting<Path> HTTPS_CA_FILE =
      UserSettings.declare("https.ca_file", Types.path())
          .help("The authorities of callers' certificates; unset, that of the node.");

  static final Setting<List<String>> ORIGINS =
      UserSettings.declare("gateway.origins", Types.words())
          .help("Web sites whose pages may call, as https://HOST[:PORT], or *; unset: none.");

  static final Setting<List<String>> TRUSTED_PROXIES =
      UserSettings.declare("gateway.trusted_proxies", Types.words())
          .help("Addresses and networks of proxies whose X-Forwarded-For is believed.");

  static final Setting<Integer> RATE_LIMIT =
      UserSettings.declare("gateway.rate_limit", Types.integer(1, 1_000_000))
          .help("How many requests a second a caller may make; unset: any number.");

  static final Setting<Integer> RATE_BURST =
      UserSettings.declare("gateway.rate_burst", Types.integer(1, 1_000_000))
          .help("How many at once; unset, twice as many as in a second.");

  static final Setting<DataSize> MAX_BODY =
      UserSettings.declare("gateway.max_body", Types.size())
          .help("The most bytes of a request's body; unset: any number, for it is streamed.");

  static final Setting<Boolean> OPEN_PAGES =
      UserSettings.declare("gateway.open_pages", CommonSettings.BOOL)
          .orElse("0")
          .help("Shows metrics and clients to callers that nobody knows; the heartbeat always is.");

  /** All of them. */
  static final List<Setting<?>> ALL =
      List.of(
          AUTHENTICATION,
          HTTPS_LISTEN,
          HTTPS_AUTHENTICATION,
          HTTPS_KEY_FILE,
          HTTPS_CRT_FILE,
          HTTPS_CA_FILE,
          ORIGINS,
          TRUSTED_PROXIES,
          RATE_LIMIT,
          RATE_BURST,
          MAX_BODY,
          OPEN_PAGES);

  private GatewaySettings() {}

  /** The file with a node's policy. */
  static Setting<Path> policy(String role, String variable) {
    return Setting.of(role + ".policy", Types.path())
        .environment(variable)
        .flag("--policy")
        .help("The file that says who may call what; unset, all but client to client.");
  }
}
