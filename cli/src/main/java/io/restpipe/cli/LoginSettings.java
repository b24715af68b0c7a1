package io.restpipe.cli;

import io.restpipe.auth.jwt.JwsAlgorithm;
import io.restpipe.config.Secret;
import io.restpipe.config.Setting;
import io.restpipe.config.SettingType;
import io.restpipe.config.Types;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The settings for tokens and for logging in. */
final class LoginSettings {

  private static final SettingType<Duration> LIFETIME =
      Types.seconds(Duration.ofSeconds(1), Duration.ofDays(366));
  private static final SettingType<JwsAlgorithm> ALGORITHM =
      SettingType.of("ALGORITHM", JwsAlgorithm::parse);

  static final Setting<Secret> SECRET_KEY =
      Setting.of("jwt.secret_key", Types.secret())
          .environment("RP_JWT_SECRET_KEY", "JWT_SECRET_KEY")
          .help("A secret that signs and verifies tokens; at least as long as the hash.");

  static final Setting<JwsAlgorithm> JWT_ALGORITHM =
      Setting.of("jwt.algorithm", ALGORITHM)
          .environment("RP_JWT_ALGORITHM", "JWT_ALGORITHM")
          .flag("--jwt-algorithm")
          .help("The algorithm; unset, HS256 for a secret, else that of the key.");

  static final Setting<Duration> EXPIRATION_DELTA =
      Setting.of("jwt.expiration_delta", LIFETIME)
          .environment("RP_JWT_EXPIRATION_DELTA", "JWT_EXPIRATION_DELTA")
          .flag("--jwt-expiration-delta")
          .orElse("10m")
          .help("How long an access token is valid.");

  static final Setting<Duration> LEEWAY =
      Setting.of("jwt.leeway", Types.seconds(Duration.ZERO, Duration.ofMinutes(5)))
          .environment("RP_JWT_LEEWAY", "JWT_LEEWAY")
          .flag("--jwt-leeway")
          .orElse("30s")
          .help("How much clocks may differ.");

  static final Setting<Path> KEY_FILE =
      UserSettings.declare("jwt.key_file", Types.path())
          .help("The key that signs tokens, PEM or JWK; unset and no secret, one is made.");

  static final Setting<Path> VERIFY_KEY_FILE =
      UserSettings.declare("jwt.verify_key_file", Types.path())
          .help("Keys of another login server, PEM or JWK set; read again when it changes.");

  static final Setting<String> JWKS_URL =
      UserSettings.declare("jwt.jwks_url", Types.text("URL"))
          .help("Where another login server publishes its keys, https only.");

  static final Setting<String> OIDC_ISSUER =
      UserSettings.declare("jwt.oidc_issuer", Types.text("URL"))
          .help("An OpenID provider whose tokens are accepted; it says where its keys are.");

  static final Setting<List<String>> JWKS_HOSTS =
      UserSettings.declare("jwt.jwks_hosts", Types.words())
          .help("Hosts on which that provider may say that its keys are, beside its own.");

  static final Setting<String> ISSUER =
      UserSettings.declare("jwt.issuer", Types.text("TEXT"))
          .help("What tokens name as iss: ours say it, and those of others must.");

  static final Setting<String> AUDIENCE =
      UserSettings.declare("jwt.audience", Types.text("TEXT"))
          .help("What tokens name as aud: ours say it, and all must.");

  static final Setting<String> COOKIE =
      UserSettings.declare("jwt.cookie", Types.text("NAME"))
          .orElse("access_token")
          .help("The cookie with the access token; Stethoscope calls it token.");

  static final Setting<Path> DENIED_FILE =
      UserSettings.declare("jwt.denied_file", Types.path())
          .help(
              "Withdrawn tokens of another login server on this machine, which writes that file.");

  static final Setting<Boolean> ENABLED =
      UserSettings.declare("login.enabled", CommonSettings.BOOL)
          .help("Whether users log in at /auth; unset, they do if there is a store of users.");

  static final Setting<Boolean> SSE_PLATFORM =
      UserSettings.declare("login.sse_platform", CommonSettings.BOOL)
          .orElse("0")
          .help("Answers /login and /logout, too, as sse-platform does.");

  static final Setting<Boolean> REGISTER =
      UserSettings.declare("login.register", CommonSettings.BOOL)
          .orElse("0")
          .help("With that: lets everybody make an account at /register.");

  static final Setting<Integer> MAX_FAILURES =
      UserSettings.declare("login.max_failures", Types.integer(1, 1000))
          .orElse("5")
          .help("After how many failures in a row a user is locked.");

  static final Setting<Duration> LOCKOUT =
      UserSettings.declare("login.lockout", LIFETIME)
          .orElse("1m")
          .help("How long the first time; each time twice as long, up to 64 times.");

  static final Setting<Integer> ADDRESS_FAILURES =
      UserSettings.declare("login.address_failures", Types.integer(1, 1_000_000))
          .orElse("100")
          .help("How many failures one address may have in the window.");

  static final Setting<Duration> FAILURE_WINDOW =
      UserSettings.declare("login.failure_window", LIFETIME)
          .orElse("15m")
          .help("After how long without a failure they are forgotten.");

  static final Setting<Duration> REFRESH_LIFETIME =
      UserSettings.declare("login.refresh_lifetime", LIFETIME)
          .orElse("168h")
          .help("How long a refresh token is valid.");

  static final Setting<Duration> SESSION_LIFETIME =
      UserSettings.declare("login.session_lifetime", LIFETIME)
          .orElse("720h")
          .help("After how long a user must log in again, however often it was refreshed.");

  static final Setting<Integer> HASH_THREADS =
      UserSettings.declare("login.hash_threads", Types.integer(1, 64))
          .orElse("2")
          .help("How many passwords are hashed at once, 19 MiB each.");

  /** Those of a node that only verifies tokens. */
  static final List<Setting<?>> VERIFYING =
      List.of(
          SECRET_KEY,
          JWT_ALGORITHM,
          LEEWAY,
          VERIFY_KEY_FILE,
          JWKS_URL,
          OIDC_ISSUER,
          JWKS_HOSTS,
          ISSUER,
          AUDIENCE,
          COOKIE,
          DENIED_FILE);

  /** All of them. */
  static final List<Setting<?>> ALL =
      List.of(
          SECRET_KEY,
          JWT_ALGORITHM,
          EXPIRATION_DELTA,
          LEEWAY,
          KEY_FILE,
          VERIFY_KEY_FILE,
          JWKS_URL,
          OIDC_ISSUER,
          JWKS_HOSTS,
          ISSUER,
          AUDIENCE,
          COOKIE,
          DENIED_FILE,
          ENABLED,
          SSE_PLATFORM,
          REGISTER,
          MAX_FAILURES,
          LOCKOUT,
          ADDRESS_FAILURES,
          FAILURE_WINDOW,
          REFRESH_LIFETIME,
          SESSION_LIFETIME,
          HASH_THREADS);

  private LoginSettings() {}
}
