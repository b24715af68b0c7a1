package io.restpipe.auth.password;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPInterface;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import io.restpipe.config.Secret;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Users in an LDAP directory (RFC 4511). A password is checked by binding with it; what a user
 * types is escaped before it is part of a filter (RFC 4515) or a DN (RFC 4514). An empty password
 * is refused here, for to a directory it means nobody in particular (RFC 4513 section 5.1.2).
 * Connections are pooled, and made again after a failure.
 */
public final class LdapUserStore implements UserStore {

  private static final Logger LOG = LoggerFactory.getLogger(LdapUserStore.class);
  private static final int MOST_GROUPS = 200;
  private static final String LOGIN = "{login}";
  private static final String USER_DN = "{dn}";

  /** What a directory says to a wrong password, or to somebody who may not log in. */
  private static final Set<ResultCode> REFUSALS =
      Set.of(
          ResultCode.INVALID_CREDENTIALS,
          ResultCode.NO_SUCH_OBJECT,
          ResultCode.INVALID_DN_SYNTAX,
          ResultCode.INAPPROPRIATE_AUTHENTICATION,
          ResultCode.CONSTRAINT_VIOLATION,
          ResultCode.UNWILLING_TO_PERFORM);

  private final LdapSettings settings;
  private final LDAPConnectionPool pool;

  private LdapUserStore(LdapSettings settings, LDAPConnectionPool pool) {
    this.settings = settings;
    this.pool = pool;
  }

  /** Opens it. A directory that is down now is no error: it is tried again with each call. */
  public static LdapUserStore open(LdapSettings settings) {
    return new LdapUserStore(settings, LdapPool.open(settings));
  }

  @Override
  public String name() {
    return "directory " + settings.servers().get(0);
  }

  @Override
  public Optional<Account> find(String login) throws StoreException {
    if (login.isEmpty() || login.chars().anyMatch(c -> c < ' ')) {
      return Optional.empty();
    }
    if (settings.dnTemplate() != null) {
      String dn = settings.dnTemplate().replace(LOGIN, dnValue(login));
      return Optional.of(new BindAccount(dn, login));
    }
    return searched(login);
  }

  private Optional<Account> searched(String login) throws StoreException {
    Optional<SearchResultEntry> entry = search(login);
    return entry.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new SearchedAccount(entry.orElseThrow(), userOf(pool, entry.orElseThrow(), login)));
  }

  /** As the value of an attribute in a DN, escaped. */
  private static String dnValue(String login) {
    String rdn = new RDN("x", login).toString();
    return rdn.substring(rdn.indexOf('=') + 1);
  }

  private Optional<SearchResultEntry> search(String login) throws StoreException {
    String filter = settings.filter().replace(LOGIN, Filter.encodeValue(login));
    try {
      var request =
          new SearchRequest(settings.base(), SearchScope.SUB, Filter.create(filter), attributes());
      request.setSizeLimit(2);
      SearchResult result = pool.search(request);
      return one(result.getSearchEntries());
    } catch (LDAPSearchException e) {
      if (e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED)) {
        return one(List.of());
      }
      throw unavailable(e);
    } catch (LDAPException e) {
      throw unavailable(e);
    }
  }

  private Optional<SearchResultEntry> one(List<SearchResultEntry> entries) {
    if (entries.size() > 1) {
      LOG.error("{}: a name is of more than one user; nobody logs in by it", name());
      return Optional.empty();
    }
    return entries.stream().findFirst();
  }

  private String[] attributes() {
    List<String> attributes =
        new ArrayList<>(List.of(settings.nameAttribute(), settings.mailAttribute()));
    if (settings.memberOf() != null) {
      attributes.add(settings.memberOf());
    }
    return attributes.toArray(String[]::new);
  }

  private StoreException unavailable(LDAPException e) {
    return new StoreException(
        name() + " can't be asked: " + e.getResultCode() + " " + firstLine(e.getMessage()), e);
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "" : message.lines().findFirst().orElse("");
  }

  private User userOf(LDAPInterface directory, SearchResultEntry entry, String login)
      throws StoreException {
    String name =
        Optional.ofNullable(entry.getAttributeValue(settings.nameAttribute())).orElse(login);
    Set<String> groups = new LinkedHashSet<>();
    Attribute memberOf =
        settings.memberOf() == null ? null : entry.getAttribute(settings.memberOf());
    if (memberOf != null) {
      groups.addAll(List.of(memberOf.getValues()));
    }
    if (settings.groupBase() != null) {
      groups.addAll(groupsOf(directory, entry.getDN(), name));
    }
    return new User(
        entry.getDN(),
        name,
        entry.getAttributeValue(settings.mailAttribute()),
        LdapGroups.roles(settings.roles(), groups),
        false);
  }

  private List<String> groupsOf(LDAPInterface directory, String dn, String name)
      throws StoreException {
    String filter =
        settings
            .groupFilter()
            .replace(USER_DN, Filter.encodeValue(dn))
            .replace(LOGIN, Filter.encodeValue(name));
    try {
      var request =
          new SearchRequest(settings.groupBase(), SearchScope.SUB, Filter.create(filter), "1.1");
      request.setSizeLimit(MOST_GROUPS);
      return directory.search(request).getSearchEntries().stream()
          .map(SearchResultEntry::getDN)
          .toList();
    } catch (LDAPException e) {
      throw unavailable(e);
    }
  }

  /** Whether the directory takes the password; the connection is its owner's again afterwards. */
  private boolean binds(String dn, Secret password) throws StoreException {
    if (password.reveal().isEmpty()) {
      return false;
    }
    try {
      pool.bindAndRevertAuthentication(new SimpleBindRequest(dn, password.reveal()));
      return true;
    } catch (LDAPException e) {
      if (REFUSALS.contains(e.getResultCode())) {
        return false;
      }
      throw unavailable(e);
    }
  }

  /** Found by our own account. */
  private final class SearchedAccount implements Account {

    private final SearchResultEntry entry;
    private final User user;

    SearchedAccount(SearchResultEntry entry, User user) {
      this.entry = entry;
      this.user = user;
    }

    @Override
    public Optional<User> user() {
      return Optional.of(user);
    }

    @Override
    public Optional<User> check(Secret password) throws StoreException {
      return binds(entry.getDN(), password) ? Optional.of(user) : Optional.empty();
    }
  }

  /** Perhaps there: the directory says so to whoever has the password. */
  private final class BindAccount implements Account {

    private final String dn;
    private final String login;

    BindAccount(String dn, String login) {
      this.dn = dn;
      this.login = login;
    }

    @Override
    public Optional<User> user() {
      return Optional.empty();
    }

    /** Reads the entry as the user itself: nobody else need be allowed to. */
    @Override
    public Optional<User> check(Secret password) throws StoreException {
      if (password.reveal().isEmpty()) {
        return Optional.empty();
      }
      LDAPConnection connection = null;
      try {
        connection = pool.getConnection();
        connection.bind(new SimpleBindRequest(dn, password.reveal()));
        SearchResultEntry entry = readable(connection);
        User user =
            entry == null
                ? new User(dn, login, null, Set.of(), false)
                : userOf(connection, entry, login);
        pool.releaseAndReAuthenticateConnection(connection);
        return Optional.of(user);
      } catch (LDAPException e) {
        if (connection == null) {
          throw unavailable(e);
        }
        pool.releaseDefunctConnection(connection);
        if (REFUSALS.contains(e.getResultCode())) {
          return Optional.empty();
        }
        throw unavailable(e);
      } catch (StoreException | RuntimeException e) {
        if (connection != null) {
          pool.releaseDefunctConnection(connection);
        }
        throw e;
      }
    }

    private @Nullable SearchResultEntry readable(LDAPConnection connection) throws LDAPException {
      try {
        return connection.getEntry(dn, attributes());
      } catch (LDAPException e) {
        if (e.getResultCode().equals(ResultCode.INSUFFICIENT_ACCESS_RIGHTS)) {
          return null;
        }
        throw e;
      }
    }
  }

  /** A bind as somebody who isn't there takes as long as one with a wrong password. */
  @Override
  public void checkNobody(Secret password) throws StoreException {
    String base =
        settings.dnTemplate() == null ? "uid={login}," + settings.base() : settings.dnTemplate();
    binds(base.replace(LOGIN, UUID.randomUUID().toString()), password);
  }

  @Override
  public void close() {
    pool.close();
  }
}
