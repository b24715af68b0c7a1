package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.restpipe.auth.jwt.JwsAlgorithm;
import io.restpipe.config.ConfigException;
import io.restpipe.config.DataSize;
import io.restpipe.config.Endpoint;
import io.restpipe.config.Rule;
import io.restpipe.config.Secret;
import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.node.ClientProtocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NodeSettingsTest {

  /** Each variable by name, a value for it, and what that means. */
  static Stream<Arguments> serverVariables() {
    return Stream.concat(
        Stream.of(
            Arguments.of("RP_SERVER_BIND_INTERFACE", "10.0.0.1", "10.0.0.1"),
            Arguments.of("BIND_IP", "10.0.0.1", "10.0.0.1"),
            Arguments.of("RP_SERVER_BIND_PORT", "99", 99),
            Arguments.of("BIND_PORT", "99", 99),
            Arguments.of("RP_SERVER_ADDRESS", "hub:8", new Endpoint.Tcp("hub", 8)),
            Arguments.of("RP_CA_PATH", "/ca", Path.of("/ca")),
            Arguments.of("RP_CA_KEY_PASSPHRASE", "s3cret", new Secret("s3cret")),
            Arguments.of("RP_SERVER_GATEWAY", "[::1]:8", new Endpoint.Tcp("::1", 8)),
            Arguments.of("RP_SERVER_POLICY", "/p", Path.of("/p")),
            Arguments.of("RP_SERVER_CERT_PATH", "/id", Path.of("/id")),
            Arguments.of("RP_SERVER_KEY_FILENAME", "k.pem", "k.pem"),
            Arguments.of("RP_SERVER_CRT_FILENAME", "c.pem", "c.pem"),
            Arguments.of("RP_SERVER_CONNECTION_STATE_CHANGE_EVENT_CLASS", "a.L", "a.L"),
            Arguments.of("RP_SERVER_HEARTBEAT_INTERVAL_S", "2.5", Duration.ofMillis(2500)),
            Arguments.of("RP_SERVER_HEARTBEAT_TIMEOUT_S", "7", Duration.ofSeconds(7)),
            Arguments.of("RP_SERVER_GROUPS", "a,b", List.of("a", "b"))),
        Stream.concat(userVariables(), Stream.concat(gatewayVariables(), commonVariables())));
  }

  private static Stream<Arguments> userVariables() {
    return Stream.of(
        Arguments.of(
            "RP_USERS_STORES",
            "sql,ldap",
            List.of(UserSettings.Store.SQL, UserSettings.Store.LDAP)),
        Arguments.of("RP_USERS_FILE", "/u", Path.of("/u")),
        Arguments.of("RP_USERS_SQL_URL", "jdbc:x", "jdbc:x"),
        Arguments.of("RP_USERS_SQL_USER", "u", "u"),
        Arguments.of("RP_USERS_SQL_PASSWORD", "p", new Secret("p")),
        Arguments.of("RP_USERS_SQL_LAYOUT", "sse-platform", UserSettings.Layout.SSE_PLATFORM),
        Arguments.of("RP_USERS_SQL_FIND_QUERY", "SELECT 1", "SELECT 1"),
        Arguments.of("RP_USERS_SQL_UPGRADE_QUERY", "UPDATE x", "UPDATE x"),
        Arguments.of(
            "RP_USERS_LDAP_URLS", "ldaps://a,ldaps://b", List.of("ldaps://a", "ldaps://b")),
        Arguments.of("RP_USERS_LDAP_USER_DN", "uid={login}", "uid={login}"),
        Arguments.of("RP_USERS_LDAP_BASE", "dc=a", "dc=a"),
        Arguments.of("RP_USERS_LDAP_FILTER", "(cn={login})", "(cn={login})"),
        Arguments.of("RP_USERS_LDAP_BIND_DN", "cn=a", "cn=a"),
        Arguments.of("RP_USERS_LDAP_BIND_PASSWORD", "p", new Secret("p")),
        Arguments.of("RP_USERS_LDAP_NAME_ATTRIBUTE", "cn", "cn"),
        Arguments.of("RP_USERS_LDAP_MAIL_ATTRIBUTE", "email", "email"),
        Arguments.of("RP_USERS_LDAP_GROUP_BASE", "ou=g", "ou=g"),
        Arguments.of("RP_USERS_LDAP_GROUP_FILTER", "(m={dn})", "(m={dn})"),
        Arguments.of("RP_USERS_LDAP_ROLES", "admin:admins", List.of("admin:admins")),
        Arguments.of("RP_USERS_LDAP_START_TLS", "1", true),
        Arguments.of("RP_USERS_LDAP_ALLOW_PLAIN", "1", true),
        Arguments.of("RP_USERS_LDAP_CA_FILE", "/ca", Path.of("/ca")),
        Arguments.of("RP_CREATE_ADMIN", "1", true),
        Arguments.of("RP_USERS_ADMIN_NAME", "root", "root"),
        Arguments.of("RP_USERS_ADMIN_EMAIL", "r@x", "r@x"),
        Arguments.of("RP_USERS_ADMIN_PASSWORD", "p", new Secret("p")),
        Arguments.of("RP_JWT_EXPIRATION_DELTA", "1h", Duration.ofHours(1)),
        Arguments.of("JWT_EXPIRATION_DELTA", "86400", Duration.ofDays(1)),
        Arguments.of("RP_JWT_KEY_FILE", "/k", Path.of("/k")),
        Arguments.of("RP_LOGIN_ENABLED", "0", false),
        Arguments.of("RP_LOGIN_SSE_PLATFORM", "1", true),
        Arguments.of("RP_LOGIN_REGISTER", "1", true),
        Arguments.of("RP_LOGIN_MAX_FAILURES", "3", 3),
        Arguments.of("RP_LOGIN_LOCKOUT", "30", Duration.ofSeconds(30)),
        Arguments.of("RP_LOGIN_ADDRESS_FAILURES", "9", 9),
        Arguments.of("RP_LOGIN_FAILURE_WINDOW", "1m", Duration.ofMinutes(1)),
        Arguments.of("RP_LOGIN_REFRESH_LIFETIME", "1h", Duration.ofHours(1)),
        Arguments.of("RP_LOGIN_SESSION_LIFETIME", "2h", Duration.ofHours(2)),
        Arguments.of("RP_LOGIN_HASH_THREADS", "4", 4),
        Arguments.of("RP_SERVER_LEGACY", "off", false),
        Arguments.of("RP_SERVER_LEGACY_HEARTBEAT_TIMEOUT_S", "20", Duration.ofSeconds(20)));
  }

  private static Stream<Arguments> gatewayVariables() {
    return Stream.of(
        Arguments.of(
            "RP_GATEWAY_AUTHENTICATION",
            "basic,token",
            List.of(GatewaySettings.Way.BASIC, GatewaySettings.Way.TOKEN)),
        Arguments.of("RP_HTTPS_LISTEN", "a:1,[::1]:2", List.of(tcp("a", 1), tcp("::1", 2))),
        Arguments.of(
            "RP_HTTPS_AUTHENTICATION",
            "certificate-required",
            List.of(GatewaySettings.Way.CERTIFICATE_REQUIRED)),
        Arguments.of("RP_HTTPS_KEY_FILE", "/k", Path.of("/k")),
        Arguments.of("RP_HTTPS_CRT_FILE", "/c", Path.of("/c")),
        Arguments.of("RP_HTTPS_CA_FILE", "/a", Path.of("/a")),
        Arguments.of("RP_GATEWAY_ORIGINS", "https://a,*", List.of("https://a", "*")),
        Arguments.of("RP_GATEWAY_TRUSTED_PROXIES", "10.0.0.0/8", List.of("10.0.0.0/8")),
        Arguments.of("RP_GATEWAY_RATE_LIMIT", "20", 20),
        Arguments.of("RP_GATEWAY_RATE_BURST", "50", 50),
        Arguments.of("RP_GATEWAY_MAX_BODY", "1KiB", new DataSize(1024)),
        Arguments.of("RP_GATEWAY_OPEN_PAGES", "1", true),
        Arguments.of("RP_JWT_SECRET_KEY", "p", new Secret("p")),
        Arguments.of("JWT_SECRET_KEY", "p", new Secret("p")),
        Arguments.of("RP_JWT_ALGORITHM", "es256", JwsAlgorithm.ES256),
        Arguments.of("JWT_ALGORITHM", "HS512", JwsAlgorithm.HS512),
        Arguments.of("RP_JWT_LEEWAY", "5", Duration.ofSeconds(5)),
        Arguments.of("JWT_LEEWAY", "0", Duration.ZERO),
        Arguments.of("RP_JWT_VERIFY_KEY_FILE", "/v", Path.of("/v")),
        Arguments.of("RP_JWT_JWKS_URL", "https://a/j", "https://a/j"),
        Arguments.of("RP_JWT_OIDC_ISSUER", "https://a", "https://a"),
        Arguments.of("RP_JWT_JWKS_HOSTS", "a,b", List.of("a", "b")),
        Arguments.of("RP_JWT_ISSUER", "i", "i"),
        Arguments.of("RP_JWT_AUDIENCE", "a", "a"),
        Arguments.of("RP_JWT_COOKIE", "token", "token"),
        Arguments.of("RP_JWT_DENIED_FILE", "/d", Path.of("/d")));
  }

  private static Endpoint.Tcp tcp(String host, int port) {
    return new Endpoint.Tcp(host, port);
  }

  static Stream<Arguments> clientVariables() {
    return Stream.concat(
        Stream.of(
            Arguments.of("RP_CLIENT_TARGET_HOSTNAME", "pipe.example.com", "pipe.example.com"),
            Arguments.of("RP_CLIENT_TARGET_PORT", "99", 99),
            Arguments.of("RP_CLIENT_GATEWAY", "unix:/g", new Endpoint.Unix(Path.of("/g"))),
            Arguments.of("RP_CLIENT_POLICY", "/p", Path.of("/p")),
            Arguments.of("RP_CLIENT_CERT_PATH", "/id", Path.of("/id")),
            Arguments.of("RP_CLIENT_KEY_FILENAME", "k.pem", "k.pem"),
            Arguments.of("RP_CLIENT_CRT_FILENAME", "c.pem", "c.pem"),
            Arguments.of("RP_CLIENT_CONNECTION_STATE_CHANGE_EVENT_CLASS", "a.L", "a.L"),
            Arguments.of("RP_CLIENT_HEARTBEAT_INTERVAL_S", "2.5", Duration.ofMillis(2500)),
            Arguments.of("RP_CLIENT_HEARTBEAT_TIMEOUT_S", "7", Duration.ofSeconds(7)),
            Arguments.of("RP_CLIENT_PROTOCOL", "1", ClientProtocol.V1),
            Arguments.of("RP_CLIENT_SERVER_NAME", "server", "server"),
            Arguments.of("RP_CLIENT_VERIFY_SERVER", "ca", LegacySettings.Verify.CA)),
        Stream.concat(gatewayVariables(), commonVariables()));
  }

  private static Stream<Arguments> commonVariables() {
    return Stream.of(
        Arguments.of("RP_CA_CRT_FILENAME", "a.pem", "a.pem"),
        Arguments.of("RP_KEY_PASSPHRASE", "s3cret", new Secret("s3cret")),
        Arguments.of("RP_CRL_FILENAMES", "a.crl,b.crl", List.of("a.crl", "b.crl")),
        Arguments.of("RP_EVENT_HANDLER_FQ_CLASS", "a.H", "a.H"),
        Arguments.of("RP_CLASSPATH", "/a.jar:/b/*", "/a.jar:/b/*"),
        Arguments.of("RP_EVENT_TIMEOUT_S", "3", Duration.ofSeconds(3)),
        Arguments.of("RP_PEER_WAIT_S", "0", Duration.ZERO),
        Arguments.of("RP_INSTANCE", "one", "one"),
        Arguments.of("RP_GRACEFUL_SHUTDOWN_INTERVAL_S", "1", Duration.ofSeconds(1)),
        Arguments.of("RP_HARD_SHUTDOWN_INTERVAL_S", "2", Duration.ofSeconds(2)),
        Arguments.of("RP_DEV", "1", true),
        Arguments.of("RP_LEGACY_STATUS", "yes", true),
        Arguments.of("RP_SHOW_TRACEBACKS", "true", true),
        Arguments.of("RP_ACCESS_LOG", "0", false),
        Arguments.of("RP_STATSD_HOST", "stats", java.util.Optional.of("stats")),
        Arguments.of("RP_STATSD_PORT", "99", java.util.Optional.of(99)),
        Arguments.of("DEBUG", "1", true),
        Arguments.of("RP_CONFIG_WATCH", "on", true),
        Arguments.of("RP_LEGACY_MAX_BODY", "1MiB", new DataSize(1024 * 1024)),
        Arguments.of("RP_LEGACY_TLS_VERSIONS", "TLSv1.2, TLSv1", List.of("TLSv1.2", "TLSv1")));
  }

  @ParameterizedTest
  @MethodSource("serverVariables")
  void a_variable_sets_the_server(String name, String text, Object value) throws ConfigException {
    assertSets(ServerSettings.ALL, name, text, value);
  }

  @ParameterizedTest
  @MethodSource("clientVariables")
  void a_variable_sets_the_client(String name, String text, Object value) throws ConfigException {
    assertSets(ClientSettings.ALL, name, text, value);
  }

  private static void assertSets(List<Setting<?>> all, String name, String text, Object value)
      throws ConfigException {
    Setting<?> setting =
        all.stream().filter(one -> one.environment().contains(name)).findFirst().orElseThrow();

    Settings byVariable = Settings.of(all).environment(Map.of(name, text)).resolve();

    assertThat((Object) byVariable.get(setting)).isEqualTo(value);
    assertThat(byVariable.origin(setting)).hasToString(name);
    // A secret has no flag: arguments can be seen by others.
    assertThat(setting.flag().isEmpty()).isEqualTo(setting.type().isSecret());
    if (setting.flag().isPresent()) {
      Settings byFlag = Settings.of(all).flags(Map.of(setting.flag().get(), text)).resolve();
      assertThat((Object) byFlag.get(setting)).isEqualTo(value);
    }
  }

  @Test
  void every_variable_has_been_tried() {
    assertThat(names(ServerSettings.ALL))
        .containsExactlyInAnyOrderElementsOf(tried(serverVariables()));
    assertThat(names(ClientSettings.ALL))
        .containsExactlyInAnyOrderElementsOf(tried(clientVariables()));
  }

  /** Those of the security log have their own test. */
  private static List<String> names(List<Setting<?>> all) {
    return all.stream()
        .filter(setting -> !setting.key().startsWith("cef."))
        .flatMap(setting -> setting.environment().stream())
        .toList();
  }

  private static List<String> tried(Stream<Arguments> arguments) {
    return arguments.map(one -> String.valueOf(one.get()[0])).toList();
  }

  @Test
  void no_key_flag_or_variable_is_used_twice() {
    for (List<Setting<?>> all : List.of(ServerSettings.ALL, ClientSettings.ALL)) {
      assertThat(all).extracting(Setting::key).doesNotHaveDuplicates();
      assertThat(all)
          .flatExtracting(setting -> setting.flag().stream().toList())
          .doesNotHaveDuplicates();
      assertThat(names(all)).doesNotHaveDuplicates();
      assertThat(all).extracting(Setting::help).allMatch(line -> line.endsWith("."));
    }
  }

  @Test
  void the_defaults_are_those_of_version_1_where_it_had_one() throws ConfigException {
    Settings server = Settings.of(ServerSettings.ALL).resolve();
    Settings client = Settings.of(ClientSettings.ALL).resolve();

    assertThat(server.get(ServerSettings.BIND_INTERFACE)).isEqualTo("0.0.0.0");
    assertThat(server.get(ServerSettings.BIND_PORT)).isEqualTo(1234);
    assertThat(server.get(ServerSettings.GATEWAY)).hasToString("127.0.0.1:7080");
    assertThat(server.get(ServerSettings.KEY_FILENAME)).isEqualTo("restpipe.server.key.pem");
    assertThat(server.get(ServerSettings.CRT_FILENAME)).isEqualTo("restpipe.server.crt.pem");
    assertThat(server.get(CommonSettings.CA_CRT_FILENAME)).isEqualTo("ca.crt.pem");
    assertThat(server.get(CommonSettings.STATSD_HOST)).contains("localhost");
    assertThat(server.get(CommonSettings.STATSD_PORT)).contains(8125);
    assertThat(client.get(ClientSettings.TARGET_HOSTNAME)).isEqualTo("localhost");
    assertThat(client.get(ClientSettings.TARGET_PORT)).isEqualTo(1234);
    assertThat(client.get(ClientSettings.GATEWAY)).hasToString("127.0.0.1:7081");
    assertThat(client.get(ClientSettings.KEY_FILENAME)).isEqualTo("restpipe.client.key.pem");
    assertThat(client.get(ClientSettings.CRT_FILENAME)).isEqualTo("restpipe.client.crt.pem");
    assertThat(client.get(ClientSettings.HEARTBEAT_INTERVAL)).isEqualTo(Duration.ofSeconds(5));
  }

  private static Settings statsd(Map<String, String> environment) throws ConfigException {
    Rule rule = CommonSettings.STATSD;
    return Settings.of(ServerSettings.ALL).environment(environment).rule(rule).resolve();
  }

  @Test
  void statsd_is_off_where_host_and_port_are_empty() throws ConfigException {
    Settings settings = statsd(Map.of("RP_STATSD_HOST", "", "RP_STATSD_PORT", ""));

    assertThat(settings.get(CommonSettings.STATSD_HOST)).isEmpty();
    assertThat(settings.get(CommonSettings.STATSD_PORT)).isEmpty();
  }

  @Test
  void a_statsd_host_without_a_port_is_an_error() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> statsd(Map.of("RP_STATSD_HOST", "stats", "RP_STATSD_PORT", "")))
        .withMessage(
            "RP_STATSD_PORT = (empty): must not be empty while RP_STATSD_HOST is stats"
                + " (RP_STATSD_HOST): set both, or empty both to turn statsd off");
  }

  @Test
  void a_statsd_port_without_a_host_is_an_error() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> statsd(Map.of("RP_STATSD_HOST", "")))
        .withMessageContaining("RP_STATSD_HOST = (empty)")
        .withMessageContaining("RP_STATSD_PORT is 8125 (default)");
  }

  @Test
  void identities_are_in_the_system_folder_where_it_can_be_written(@TempDir Path folder)
      throws IOException {
    Path home = folder.resolve("home");
    Map<String, String> environment = new HashMap<>(Map.of("HOME", home.toString()));
    Path there = Files.createDirectory(folder.resolve("restpipe"));

    assertThat(CommonSettings.defaultFolder(environment, there)).isEqualTo(there);
    assertThat(CommonSettings.defaultFolder(environment, folder.resolve("new")))
        .isEqualTo(folder.resolve("new"));
    assertThat(CommonSettings.defaultFolder(environment, folder.resolve("no/such/folder")))
        .isEqualTo(home.resolve(".restpipe"));
  }
}
