package io.restpipe.auth.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restpipe.auth.password.LdapSettings;
import io.restpipe.auth.password.LdapUserStore;
import io.restpipe.auth.password.SqlQueries;
import io.restpipe.auth.password.SqlUserStore;
import io.restpipe.auth.password.SqlUserStore.Database;
import io.restpipe.auth.password.StoreException;
import io.restpipe.config.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the libraries behind the stores log of the passwords that they are given: nothing. */
class StoreLogsTest {

  private static final Secret OURS = new Secret("s3cret of the store");
  private static final Secret USERS = new Secret("s3cret of the user");

  @TempDir private Path folder;

  @Test
  void no_password_of_a_store_or_of_a_user_is_in_any_log() throws Exception {
    try (var logs = new CapturedLogs()) {
      var embedded = new Database("jdbc:h2:" + folder.resolve("users"), "restpipe", OURS);
      try (var store = SqlUserStore.open(embedded, SqlQueries.own())) {
        store.add("ann", null, USERS, Set.of());
        assertThat(store.find("ann").orElseThrow().check(USERS)).isPresent();
      }
      var down =
          new Database("jdbc:postgresql://127.0.0.1:9/x?password=s3cret+in+the+url", "u", OURS);
      try (var store = SqlUserStore.open(down, SqlQueries.own())) {
        assertThatThrownBy(() -> store.find("ann")).isInstanceOf(StoreException.class);
      }
      var ldap =
          LdapSettings.on(URI.create("ldap://127.0.0.1:9"))
              .search("dc=x", "(uid={login})")
              .bind("cn=search", OURS)
              .build();
      try (var store = LdapUserStore.open(ldap)) {
        assertThatThrownBy(() -> store.find("ann")).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.checkNobody(USERS)).isInstanceOf(StoreException.class);
      }

      assertThat(logs.lines()).isNotEmpty().noneMatch(line -> line.contains("s3cret"));
    }
  }
}
