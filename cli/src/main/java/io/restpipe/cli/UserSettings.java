package io.restpipe.cli;

import io.restpipe.config.Secret;
import io.restpipe.config.Setting;
import io.restpipe.config.SettingType;
import io.restpipe.config.Types;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The settings of the server that say where users are. */
final class UserSettings {

  /** Where users can be. */
  enum Store {
    FILE,
    SQL,
    LDAP
  }

  /** Which columns the table has. */
  enum Layout {
    RESTPIPE,
    SSE_PLATFORM
  }

  static final Setting<List<Store>> STORES =
      declare("users.stores", Types.list(Types.oneOf(Store.class)))
          .orElse("file")
          .help("Where users are, asked in this order: file, sql, ldap.");

  static final Setting<Path> FILE =
      declare("users.file", Types.path())
          .help("The file of users, as htpasswd writes it; unset, users in the identity's folder.");

  static final Setting<String> SQL_URL =
      declare("users.sql_url", Types.text("URL"))
          .help("The database of users; unset, an embedded one in the identity's folder.");

  static final Setting<String> SQL_USER =
      declare("users.sql_user", Types.text("NAME")).help("Whom the database knows.");

  static final Setting<Secret> SQL_PASSWORD =
      secret("users.sql_password").help("The password of that database user.");

  static final Setting<Layout> SQL_LAYOUT =
      declare("users.sql_layout", Types.oneOf(Layout.class))
          .orElse("restpipe")
          .help("The table: restpipe makes its own, sse_platform is that of sse-platform.");

  static final Setting<String> SQL_FIND_QUERY =
      declare("users.sql_find_query", Types.text("SQL"))
          .help("A query of yours for a table that is there: columns id, name, hashed_password.");

  static final Setting<String> SQL_UPGRADE_QUERY =
      declare("users.sql_upgrade_query", Types.text("SQL"))
          .help("Beside it: sets a new hash, by new hashed_password, id, old hashed_password.");

  static final Setting<List<String>> LDAP_URLS =
      declare("users.ldap_urls", Types.words())
          .help("The directory's servers, tried in order: ldaps://HOST:PORT or ldap://HOST:PORT.");

  static final Setting<String> LDAP_USER_DN =
      declare("users.ldap_user_dn", Types.text("DN"))
          .help("Binds as the user: uid={login},ou=people,dc=example,dc=org.");

  static final Setting<String> LDAP_BASE =
      declare("users.ldap_base", Types.text("DN")).help("Searches for the user below this.");

  static final Setting<String> LDAP_FILTER =
      declare("users.ldap_filter", Types.text("FILTER"))
          .orElse("(uid={login})")
          .help("Finds the user there.");

  static final Setting<String> LDAP_BIND_DN =
      declare("users.ldap_bind_dn", Types.text("DN")).help("The account that searches.");

  static final Setting<Secret> LDAP_BIND_PASSWORD =
      secret("users.ldap_bind_password").help("The password of that account.");

  static final Setting<String> LDAP_NAME_ATTRIBUTE =
      declare("users.ldap_name_attribute", Types.text("NAME"))
          .orElse("uid")
          .help("The attribute with the user's name.");

  static final Setting<String> LDAP_MAIL_ATTRIBUTE =
      declare("users.ldap_mail_attribute", Types.text("NAME"))
          .orElse("mail")
          .help("The attribute with the user's e-mail address.");

  static final Setting<String> LDAP_GROUP_BASE =
      declare("users.ldap_group_base", Types.text("DN"))
          .help("Searches for the user's groups below this, beside those of memberOf.");

  static final Setting<String> LDAP_GROUP_FILTER =
      declare("users.ldap_group_filter", Types.text("FILTER"))
          .orElse("(|(member={dn})(uniqueMember={dn})(memberUid={login}))")
          .help("Finds the user's groups there.");

  static final Setting<List<String>> LDAP_ROLES =
      declare("users.ldap_roles", Types.list(Types.text("ROLE:GROUP")))
          .orElse("")
          .help(
              "Which role a group gives, one a line: admin:cn=admins,ou=groups,dc=example,dc=org.");

  static final Setting<Boolean> LDAP_START_TLS =
      declare("users.ldap_start_tls", CommonSettings.BOOL)
          .orElse("0")
          .help("Turns ldap:// into TLS before anything is said.");

  static final Setting<Boolean> LDAP_ALLOW_PLAIN =
      declare("users.ldap_allow_plain", CommonSettings.BOOL)
          .orElse("0")
          .help("Lets passwords cross the network in the clear. Not for production.");

  static final Setting<Path> LDAP_CA_FILE =
      declare("users.ldap_ca_file", Types.path())
          .help("The directory's authorities in PEM; unset, those of the JDK.");

  static final Setting<Boolean> CREATE_ADMIN =
      Setting.of("users.create_admin", CommonSettings.BOOL)
          .environment("RP_CREATE_ADMIN")
          .flag("--create-admin")
          .orElse("0")
          .help("Makes the administrator on start, if there is none of that name.");

  static final Setting<String> ADMIN_NAME =
      declare("users.admin_name", Types.text("NAME"))
          .orElse("admin")
          .help("The administrator's name.");

  static final Setting<String> ADMIN_EMAIL =
      declare("users.admin_email", Types.text("EMAIL")).help("The administrator's e-mail address.");

  static final Setting<Secret> ADMIN_PASSWORD =
      secret("users.admin_password").help("The administrator's password.");

  /** All of them. */
  static final List<Setting<?>> ALL =
      List.of(
          STORES,
          FILE,
          SQL_URL,
          SQL_USER,
          SQL_PASSWORD,
          SQL_LAYOUT,
          SQL_FIND_QUERY,
          SQL_UPGRADE_QUERY,
          LDAP_URLS,
          LDAP_USER_DN,
          LDAP_BASE,
          LDAP_FILTER,
          LDAP_BIND_DN,
          LDAP_BIND_PASSWORD,
          LDAP_NAME_ATTRIBUTE,
          LDAP_MAIL_ATTRIBUTE,
          LDAP_GROUP_BASE,
          LDAP_GROUP_FILTER,
          LDAP_ROLES,
          LDAP_START_TLS,
          LDAP_ALLOW_PLAIN,
          LDAP_CA_FILE,
          CREATE_ADMIN,
          ADMIN_NAME,
          ADMIN_EMAIL,
          ADMIN_PASSWORD);

  private UserSettings() {}

  /** A setting whose variable and flag follow from its key. */
  static <T> Setting.Builder<T> declare(String key, SettingType<T> type) {
    return Setting.of(key, type)
        .environment(variable(key))
        .flag("--" + key.replace('.', '-').replace('_', '-'));
  }

  /** A secret has no flag: arguments can be seen by others. */
  static Setting.Builder<Secret> secret(String key) {
    return Setting.of(key, Types.secret()).environment(variable(key));
  }

  private static String variable(String key) {
    return "RP_" + key.replace('.', '_').toUpperCase(Locale.ROOT);
  }
}
