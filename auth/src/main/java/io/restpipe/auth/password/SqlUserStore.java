package io.restpipe.auth.password;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.restpipe.config.Secret;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Users in a database, by JDBC over a small pool of connections. The table is made on start, or as
 * soon as the database can be reached. While it can't, each call throws within some seconds.
 */
public final class SqlUserStore implements UserDirectory {

  private static final Logger LOG = LoggerFactory.getLogger(SqlUserStore.class);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final int QUERY_SECONDS = 5;

  /** PostgreSQL's and H2's for a name that is taken (SQL:2016, class 23). */
  private static final Set<String> DUPLICATE = Set.of("23505");

  private final HikariDataSource pool;
  private final SqlQueries queries;
  private final boolean isOwnTable;
  private final String shownUrl;
  private final Decoy decoy = new Decoy();
  private boolean isMigrated;

  private SqlUserStore(HikariDataSource pool, SqlQueries queries, String shownUrl) {
    this.pool = pool;
    this.queries = queries;
    this.isOwnTable = queries.equals(SqlQueries.own());
    this.shownUrl = shownUrl;
  }

  /**
   * Where the database is.
   *
   * @param url such as {@code jdbc:postgresql://db.example.org/restpipe?sslmode=verify-full} or
   *     {@code jdbc:h2:/var/lib/restpipe/users}
   * @param user whom the database knows; null if the URL says it, or none is needed
   * @param connections how many are open at most
   */
  public record Database(
      String url, @Nullable String user, @Nullable Secret password, int connections) {

    /** With four connections. */
    public Database(String url, @Nullable String user, @Nullable Secret password) {
      this(url, user, password, 4);
    }

    @Override
    public String toString() {
      return shown(url);
    }
  }

  /** Opens it. A database that is down now is no error: it is tried again with each call. */
  public static SqlUserStore open(Database database, SqlQueries queries) {
    var config = new HikariConfig();
    config.setJdbcUrl(database.url());
    if (database.user() != null) {
      config.setUsername(database.user());
    }
    if (database.password() != null) {
      config.setPassword(database.password().reveal());
    }
    config.setPoolName("users");
    config.setMaximumPoolSize(database.connections());
    config.setMinimumIdle(0);
    config.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
    config.setValidationTimeout(CONNECT_TIMEOUT.toMillis() / 2);
    config.setInitializationFailTimeout(-1);
    if (database.url().startsWith("jdbc:postgresql:")) {
      config.addDataSourceProperty("connectTimeout", CONNECT_TIMEOUT.toSeconds());
      config.addDataSourceProperty("loginTimeout", CONNECT_TIMEOUT.toSeconds());
      config.addDataSourceProperty("socketTimeout", 2 * QUERY_SECONDS);
      config.addDataSourceProperty("tcpKeepAlive", true);
      // An id may be a number, a text or a UUID: the server, which knows the column, converts it.
      config.addDataSourceProperty("stringtype", "unspecified");
    }
    var store = new SqlUserStore(new HikariDataSource(config), queries, shown(database.url()));
    try {
      store.connection().close();
    } catch (SQLException e) {
      LOG.error("{} can't be asked now, logins will be refused: {}", store.name(), reason(e));
    }
    return store;
  }

  /** Without what may be a secret in it. */
  private static String shown(String url) {
    return url.replaceAll("[?;].*", "").replaceAll("//[^/@]*@", "//");
  }

  private static String reason(SQLException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason given");
  }

  @Override
  public String name() {
    return "database " + shownUrl;
  }

  private Connection connection() throws SQLException {
    Connection connection = pool.getConnection();
    try {
      migrate(connection);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private synchronized void migrate(Connection connection) throws SQLException {
    if (!isOwnTable || isMigrated) {
      return;
    }
    try {
      SqlSchema.migrate(connection);
    } catch (SQLException otherWasFaster) {
      SqlSchema.migrate(connection);
    }
    isMigrated = true;
  }

  @Override
  public Optional<Account> find(String login) throws StoreException {
    return call(
        queries.find(),
        statement -> {
          int parameters = statement.getParameterMetaData().getParameterCount();
          for (int i = 1; i <= parameters; i++) {
            statement.setString(i, login);
          }
          statement.setMaxRows(2);
          return account(statement, login);
        });
  }

  private Optional<Account> account(PreparedStatement statement, String login) throws SQLException {
    Row found = null;
    try (ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        Row row = row(result);
        // Somebody's name goes before somebody else's e-mail address.
        if (found == null || row.user().name().equals(login)) {
          found = row;
        }
      }
    }
    if (found == null) {
      return Optional.empty();
    }
    decoy.learn(found.hash());
    User user = found.user();
    return Optional.of(
        new HashedAccount(
            user, found.hash(), (oldHash, newHash) -> upgrade(user.id(), oldHash, newHash)));
  }

  private record Row(User user, String hash) {
    @Override
    public String toString() {
      return user.name();
    }
  }

  private static Row row(ResultSet result) throws SQLException {
    Set<String> columns = new LinkedHashSet<>();
    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
      columns.add(result.getMetaData().getColumnLabel(i).toLowerCase(Locale.ROOT));
    }
    Set<String> roles = new LinkedHashSet<>();
    String text = columns.contains("roles") ? result.getString("roles") : null;
    for (String role : text == null ? new String[0] : text.split("[,\\s]+", -1)) {
      if (!role.isEmpty()) {
        roles.add(role);
      }
    }
    String hash = result.getString("hashed_password");
    return new Row(
        new User(
            result.getString("id"),
            result.getString("name"),
            columns.contains("email") ? result.getString("email") : null,
            roles,
            columns.contains("disabled") && result.getBoolean("disabled")),
        hash == null ? "" : hash);
  }

  private boolean upgrade(String id, String oldHash, String newHash) throws StoreException {
    if (queries.upgradeHash() == null) {
      throw new StoreException("there is no statement for it", null);
    }
    return call(
        queries.upgradeHash(),
        statement -> {
          statement.setString(1, newHash);
          statement.setString(2, id);
          statement.setString(3, oldHash);
          return statement.executeUpdate() > 0;
        });
  }

  @Override
  public void checkNobody(Secret password) {
    decoy.check(password);
  }

  @Override
  public List<User> list() throws StoreException {
    return call(
        needed(queries.list(), "list users"),
        statement -> {
          List<User> users = new ArrayList<>();
          try (ResultSet result = statement.executeQuery()) {
            while (result.next()) {
              users.add(row(result).user());
            }
          }
          return users;
        });
  }

  @Override
  public User add(String name, @Nullable String email, Secret password, Set<String> roles)
      throws UserException, StoreException {
    User.checkName(name);
    if (email != null) {
      User.checkEmail(email);
    }
    roles.forEach(User::checkRole);
    if (find(name).isPresent()) {
      throw UserException.exists(name);
    }
    if (email != null && find(email).isPresent()) {
      throw UserException.exists("with the address " + email);
    }
    String hash = PasswordHash.make(password);
    int added =
        call(
            needed(queries.insert(), "add users"),
            statement -> {
              statement.setString(1, name);
              statement.setString(2, email);
              statement.setString(3, hash);
              statement.setString(4, String.join(",", new TreeSet<>(roles)));
              try {
                return statement.executeUpdate();
              } catch (SQLException e) {
                if (DUPLICATE.contains(e.getSQLState())) {
                  return 0;
                }
                throw e;
              }
            });
    if (added == 0) {
      throw UserException.exists(name);
    }
    return find(name)
        .flatMap(Account::user)
        .orElseThrow(() -> new StoreException("the user that was added is not found", null));
  }

  @Override
  public void setPassword(String name, Secret password) throws UserException, StoreException {
    String hash = PasswordHash.make(password);
    update(name, needed(queries.setHash(), "set passwords"), s -> s.setString(1, hash));
  }

  @Override
  public void setRoles(String name, Set<String> roles) throws UserException, StoreException {
    roles.forEach(User::checkRole);
    String text = String.join(",", new TreeSet<>(roles));
    update(name, needed(queries.setRoles(), "set roles"), s -> s.setString(1, text));
  }

  @Override
  public void setDisabled(String name, boolean disabled) throws UserException, StoreException {
    update(name, needed(queries.setDisabled(), "keep users out"), s -> s.setBoolean(1, disabled));
  }

  @Override
  public void remove(String name) throws UserException, StoreException {
    int removed =
        call(
            needed(queries.remove(), "remove users"),
            statement -> {
              statement.setString(1, name);
              return statement.executeUpdate();
            });
    if (removed == 0) {
      throw UserException.unknown(name);
    }
  }

  private static String needed(@Nullable String query, String what) throws StoreException {
    if (query == null) {
      throw new StoreException("there is no statement to " + what + " for this table", null);
    }
    return query;
  }

  /** Sets the first parameter. */
  @FunctionalInterface
  private interface Parameter {
    void set(PreparedStatement statement) throws SQLException;
  }

  private void update(String name, String query, Parameter first)
      throws UserException, StoreException {
    int updated =
        call(
            query,
            statement -> {
              first.set(statement);
              statement.setString(2, name);
              return statement.executeUpdate();
            });
    if (updated == 0) {
      throw UserException.unknown(name);
    }
  }

  /** What is done with a statement. */
  @FunctionalInterface
  private interface Work<T> {
    T with(PreparedStatement statement) throws SQLException;
  }

  private <T> T call(String query, Work<T> work) throws StoreException {
    try (Connection connection = connection();
        PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setQueryTimeout(QUERY_SECONDS);
      return work.with(statement);
    } catch (SQLException e) {
      throw new StoreException(name() + " can't be asked: " + reason(e), e);
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
