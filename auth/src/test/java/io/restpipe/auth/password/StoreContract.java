package io.restpipe.auth.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restpipe.config.Secret;
import java.util.Set;

/** What each database must do the same. */
final class StoreContract {

  private static final Secret PASSWORD = new Secret(KnownHashes.PASSWORD);

  private StoreContract() {}

  static void holds(SqlUserStore store) throws Exception {
    User ann = store.add("ann", "ann@example.org", PASSWORD, Set.of("admin", "user"));
    store.add("bob", null, PASSWORD, Set.of());

    assertThat(ann.roles()).containsExactlyInAnyOrder("admin", "user");
    assertThat(store.list()).extracting(User::name).containsExactly("ann", "bob");
    assertThat(store.find("ann@example.org").orElseThrow().check(PASSWORD)).contains(ann);
    assertThat(store.find("ann").orElseThrow().check(new Secret("wrong"))).isEmpty();
    assertThat(store.find("' OR '1'='1")).isEmpty();
    assertThat(store.find("ann'--")).isEmpty();
    assertThat(store.find("%")).isEmpty();
    store.setRoles("bob", Set.of("operator"));
    store.setDisabled("bob", true);
    store.setPassword("bob", new Secret("bob's next horse"));
    User bob = store.find("bob").orElseThrow().check(new Secret("bob's next horse")).orElseThrow();
    assertThat(bob.roles()).containsExactly("operator");
    assertThat(bob.disabled()).isTrue();
    assertThatThrownBy(() -> store.add("ann", null, PASSWORD, Set.of()))
        .isInstanceOf(UserException.class);
    assertThatThrownBy(() -> store.add("dan", "ann@example.org", PASSWORD, Set.of()))
        .isInstanceOf(UserException.class);
    assertThatThrownBy(() -> store.setRoles("nobody", Set.of())).isInstanceOf(UserException.class);
    store.remove("bob");
    assertThat(store.find("bob")).isEmpty();
  }
}
