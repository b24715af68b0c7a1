package io.restpipe.cli;

import io.restpipe.auth.password.FileUserStore;
import io.restpipe.auth.password.LdapSettings;
import io.restpipe.auth.password.LdapUserStore;
import io.restpipe.auth.password.SqlQueries;
import io.restpipe.auth.password.SqlUserStore;
import io.restpipe.auth.password.StoreException;
import io.restpipe.auth.password.UserDirectory;
import io.restpipe.auth.password.UserException;
import io.restpipe.auth.password.UserStore;
import io.restpipe.auth.password.UserStoreChain;
import io.restpipe.cli.UserSettings.Layout;
import io.restpipe.cli.UserSettings.Store;
import io.restpipe.config.Origin;
import io.restpipe.config.Secret;
import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.security.Pem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The stores of users that the settings tell of. */
final class ConfiguredUsers implements AutoCloseable {

  private static final String FILE_NAME = "users";

  private final List<UserStore> stores;

  private ConfiguredUsers(List<UserStore> stores) {
    this.stores = stores;
  }

  /** Whether anything was said of users, or a file of them is there. */
  static boolean areThere(Settings settings) {
    return !(settings.origin(UserSettings.STORES) instanceof Origin.Default)
        || settings.get(UserSettings.CREATE_ADMIN)
        || settings.find(UserSettings.FILE).isPresent()
        || Files.exists(file(settings));
  }

  /** Opens them all. */
  static ConfiguredUsers open(Settings settings) throws CommandException {
    List<UserStore> stores = new ArrayList<>();
    try {
      for (Store store : settings.get(UserSettings.STORES)) {
        stores.add(
            switch (store) {
              case FILE -> FileUserStore.open(file(settings));
              case SQL -> sql(settings);
              case LDAP -> ldap(settings);
            });
      }
      return new ConfiguredUsers(stores);
    } catch (IOException wrong) {
      stores.forEach(UserStore::close);
      throw new CommandException(ExitCode.USAGE, Sentence.of(wrong), wrong);
    } catch (CommandException wrong) {
      stores.forEach(UserStore::close);
      throw wrong;
    }
  }

  private static Path file(Settings settings) {
    return settings
        .find(UserSettings.FILE)
        .orElseGet(() -> settings.get(ServerSettings.CERT_PATH).resolve(FILE_NAME));
  }

  private static SqlUserStore sql(Settings settings) throws IOException {
    Optional<String> given = settings.find(UserSettings.SQL_URL);
    String url =
        given.isPresent()
            ? given.orElseThrow()
            : EmbeddedDatabase.url(settings.get(ServerSettings.CERT_PATH));
    Optional<String> find = settings.find(UserSettings.SQL_FIND_QUERY);
    SqlQueries queries =
        settings.get(UserSettings.SQL_LAYOUT) == Layout.SSE_PLATFORM
            ? SqlQueries.ssePlatform()
            : SqlQueries.own();
    if (find.isPresent()) {
      queries =
          new SqlQueries(
              find.orElseThrow(),
              null,
              null,
              null,
              settings.find(UserSettings.SQL_UPGRADE_QUERY).orElse(null),
              null,
              null,
              null);
    }
    return SqlUserStore.open(
        new SqlUserStore.Database(
            url,
            settings.find(UserSettings.SQL_USER).orElse(null),
            settings.find(UserSettings.SQL_PASSWORD).orElse(null)),
        queries);
  }

  private static LdapUserStore ldap(Settings settings) throws CommandException {
    try {
      List<URI> servers = new ArrayList<>();
      settings
          .find(UserSettings.LDAP_URLS)
          .orElse(List.of())
          .forEach(url -> servers.add(URI.create(url)));
      LdapSettings.Builder ldap =
          LdapSettings.on(servers.toArray(URI[]::new))
              .attributes(
                  settings.get(UserSettings.LDAP_NAME_ATTRIBUTE),
                  settings.get(UserSettings.LDAP_MAIL_ATTRIBUTE))
              .startTls(settings.get(UserSettings.LDAP_START_TLS))
              .allowPlain(settings.get(UserSettings.LDAP_ALLOW_PLAIN))
              .roles(roles(settings));
      settings.find(UserSettings.LDAP_USER_DN).ifPresent(ldap::dnTemplate);
      settings
          .find(UserSettings.LDAP_BASE)
          .ifPresent(base -> ldap.search(base, settings.get(UserSettings.LDAP_FILTER)));
      settings
          .find(UserSettings.LDAP_BIND_DN)
          .ifPresent(
              dn ->
                  ldap.bind(
                      dn, settings.find(UserSettings.LDAP_BIND_PASSWORD).orElse(new Secret(""))));
      settings
          .find(UserSettings.LDAP_GROUP_BASE)
          .ifPresent(base -> ldap.groups(base, settings.get(UserSettings.LDAP_GROUP_FILTER)));
      settings
          .find(UserSettings.LDAP_CA_FILE)
          .ifPresent(file -> ldap.trust(Pem.readCertificates(file)));
      return LdapUserStore.open(ldap.build());
    } catch (IllegalArgumentException wrong) {
      throw new CommandException(ExitCode.USAGE, "users.ldap_*: " + wrong.getMessage(), wrong);
    }
  }

  private static Map<String, String> roles(Settings settings) {
    Map<String, String> roles = new LinkedHashMap<>();
    for (String line : settings.get(UserSettings.LDAP_ROLES)) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new IllegalArgumentException("a line of ldap_roles is ROLE:GROUP, not " + line);
      }
      roles.put(line.substring(colon + 1).strip(), line.substring(0, colon).strip());
    }
    return roles;
  }

  /** All of them as one. */
  UserStore store() {
    return stores.size() == 1 ? stores.get(0) : new UserStoreChain(stores);
  }

  /** The first one that can be changed. */
  UserDirectory directory() throws CommandException {
    for (UserStore store : stores) {
      if (store instanceof UserDirectory directory) {
        return directory;
      }
    }
    throw new CommandException(
        ExitCode.USAGE,
        "users.stores names no store that can be changed here: add file or sql, or change users"
            + " where they are");
  }

  /** Makes the administrator, if the settings want it and there is none of that name. */
  void createAdmin(Settings settings) throws CommandException {
    if (!settings.get(UserSettings.CREATE_ADMIN)) {
      return;
    }
    Setting<Secret> setting = UserSettings.ADMIN_PASSWORD;
    Secret password =
        settings
            .find(setting)
            .orElseThrow(
                () ->
                    new CommandException(
                        ExitCode.USAGE,
                        setting.key()
                            + ": is needed to create an administrator; set "
                            + setting.environment().get(0)
                            + "_FILE to a file that holds it"));
    String name = settings.get(UserSettings.ADMIN_NAME);
    try {
      directory()
          .add(
              name,
              settings.find(UserSettings.ADMIN_EMAIL).orElse(null),
              password,
              Set.of("admin"));
    } catch (UserException there) {
      // As it should be from the second start on.
    } catch (StoreException down) {
      throw new CommandException(
          ExitCode.START, "the administrator can't be created: " + down.getMessage(), down);
    } catch (IllegalArgumentException wrong) {
      throw new CommandException(
          ExitCode.USAGE, UserSettings.ADMIN_NAME.key() + ": " + wrong.getMessage(), wrong);
    }
  }

  @Override
  public void close() {
    stores.forEach(UserStore::close);
  }
}
