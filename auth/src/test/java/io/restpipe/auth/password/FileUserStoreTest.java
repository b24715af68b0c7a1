package io.restpipe.auth.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restpipe.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileUserStoreTest {

  private static final Secret PASSWORD = new Secret(KnownHashes.PASSWORD);

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("users");
  }

  private FileUserStore open(String content) throws IOException {
    Files.writeString(file(), content);
    return FileUserStore.open(file());
  }

  @Test
  void manages_users() throws Exception {
    try (var store = FileUserStore.open(file())) {
      store.add("ann", "ann@example.org", PASSWORD, Set.of("admin", "user"));
      store.add("bob", null, PASSWORD, Set.of());

      assertThat(store.list()).extracting(User::name).containsExactly("ann", "bob");
      assertThat(store.find("ann@example.org").orElseThrow().check(PASSWORD).orElseThrow().name())
          .isEqualTo("ann");
      assertThat(store.find("ann").orElseThrow().check(new Secret("wrong"))).isEmpty();
      assertThat(store.find("carol")).isEmpty();

      store.setRoles("bob", Set.of("operator"));
      store.setDisabled("bob", true);
      store.setPassword("bob", new Secret("bob's next horse"));
      User bob =
          store.find("bob").orElseThrow().check(new Secret("bob's next horse")).orElseThrow();
      assertThat(bob.roles()).containsExactly("operator");
      assertThat(bob.disabled()).isTrue();

      store.remove("bob");
      assertThat(store.find("bob")).isEmpty();
      assertThatThrownBy(() -> store.setRoles("bob", Set.of())).hasMessage("there is no user bob");
      assertThatThrownBy(() -> store.add("ann", null, PASSWORD, Set.of()))
          .hasMessage("there is a user ann already");
      assertThatThrownBy(() -> store.add("dan", "ann@example.org", PASSWORD, Set.of()))
          .hasMessage("there is a user with the address ann@example.org already");
      assertThatThrownBy(() -> store.add("a:b", null, PASSWORD, Set.of()))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file())).doesNotContain(KnownHashes.PASSWORD);
  }

  @Test
  void reads_htpasswd_keeps_comments_and_upgrades_a_hash_at_login() throws Exception {
    try (var store =
        open(
            "# people\n\nann:"
                + KnownHashes.BCRYPT
                + "\nbob:"
                + KnownHashes.BCRYPT
                + ":roles=user\n")) {
      assertThat(store.find("ann").orElseThrow().check(PASSWORD)).isPresent();

      assertThat(Files.readAllLines(file()).get(0)).isEqualTo("# people");
      assertThat(Files.readAllLines(file()).get(1)).isEmpty();
      assertThat(Files.readAllLines(file()).get(2)).startsWith("ann:$argon2id$");
      assertThat(Files.readAllLines(file()).get(3))
          .isEqualTo("bob:" + KnownHashes.BCRYPT + ":roles=user");
      assertThat(store.find("ann").orElseThrow().check(PASSWORD)).isPresent();
    }
  }

  @Test
  void reads_every_form_also_those_with_colons_in_them() throws Exception {
    var content = new StringBuilder();
    int number = 0;
    for (String hash : KnownHashes.ALL.keySet()) {
      content.append("u").append(number++).append(':').append(hash).append(":roles=a,b:disabled\n");
    }
    try (var store = open(content.toString())) {
      assertThat(store.list()).hasSize(number).allMatch(user -> user.roles().size() == 2);
      assertThat(store.list()).allMatch(User::disabled);
    }
  }

  @Test
  void a_wrong_line_is_named_and_what_was_read_before_stays() throws Exception {
    assertThatThrownBy(() -> open("ann:" + KnownHashes.BCRYPT + "\nbob:secret\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("users: line 2: the hash is of no known form")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> open("ann\n")).hasMessageContaining("line 1: a line is NAME:HASH");
    assertThatThrownBy(
            () -> open("ann:" + KnownHashes.BCRYPT + "\nann:" + KnownHashes.BCRYPT + "\n"))
        .hasMessageContaining("line 2: user ann is there twice");

    try (var store = open("ann:" + KnownHashes.BCRYPT + "\n")) {
      Files.writeString(file(), "broken");
      assertThat(store.find("ann")).isPresent();
      Files.writeString(file(), "carol:" + KnownHashes.BCRYPT + "\n");
      Awaitility.await().until(() -> store.find("carol").isPresent());
    }
  }

  @Test
  void a_change_leaves_the_file_to_its_owner() throws Exception {
    try (var store = open("ann:" + KnownHashes.BCRYPT + "\n")) {
      boolean root = System.getProperty("user.name").equals("root");
      if (root) {
        Files.setAttribute(file(), "unix:uid", 65534);
        Files.setAttribute(file(), "unix:gid", 65534);
      }
      Object owner = Files.getAttribute(file(), "unix:uid");

      store.setDisabled("ann", true);

      assertThat(Files.getAttribute(file(), "unix:uid")).isEqualTo(owner);
      assertThat(Files.getAttribute(folder.resolve("users.lock"), "unix:uid")).isEqualTo(owner);
    }
  }

  @Test
  void two_processes_do_not_lose_each_others_changes() throws Exception {
    try (var one = FileUserStore.open(file());
        var other = FileUserStore.open(file())) {
      one.add("ann", null, PASSWORD, Set.of());
      other.add("bob", null, PASSWORD, Set.of());
      one.add("carol", null, PASSWORD, Set.of());

      assertThat(one.list()).hasSize(3);
    }
  }
}
