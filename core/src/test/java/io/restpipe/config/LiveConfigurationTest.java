package io.restpipe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveConfigurationTest {

  @TempDir Path folder;

  private final List<LiveConfiguration.Change> changes = new CopyOnWriteArrayList<>();
  private final List<RuntimeException> failures = new CopyOnWriteArrayList<>();
  private Path file = Path.of("");

  @BeforeEach
  void writeFirst() throws IOException {
    file = folder.resolve("app.ini");
    write("[a]\nx = 1\nport = 1\n");
  }

  private void write(String text) throws IOException {
    Path made = Files.writeString(folder.resolve("made"), text);
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private LiveConfiguration live() {
    return new LiveConfiguration(Configuration.from().file(file))
        .validator(configuration -> configuration.get("a.port", Types.port()))
        .restartFor(key -> key.equals("a.port"))
        .onChange(changes::add);
  }

  @Test
  void a_reload_tells_what_changed_and_what_needs_a_restart() throws IOException {
    try (var live = live()) {
      write("# comment\n[a]\nport = 2\ny = 1\nx = 1\n");

      LiveConfiguration.Change change = live.reload();

      assertThat(change.changed()).containsExactly("a.port", "a.y");
      assertThat(change.needRestart()).containsExactly("a.port");
      assertThat(change.before().get("a.port")).isEqualTo(1L);
      assertThat(live.current().get("a.port")).isEqualTo(2L);
      assertThat(changes).containsExactly(change);
    }
  }

  @Test
  void a_reload_of_something_wrong_changes_nothing() throws IOException {
    try (var live = live()) {
      write("[a]\nx = 2\nport = 70000\n");
      assertThatThrownBy(live::reload).isInstanceOf(ConfigException.class);
      write("[a]\nx = 2\nbroken\n");
      assertThatThrownBy(live::reload).isInstanceOf(ConfigException.class);
      Files.delete(file);
      assertThatThrownBy(live::reload).isInstanceOf(ConfigException.class);

      assertThat(live.current().get("a.x")).isEqualTo(1L);
      assertThat(changes).isEmpty();
    }
  }

  @Test
  void a_reload_of_the_same_tells_nobody() {
    try (var live = live()) {
      assertThat(live.reload().changed()).isEmpty();
      assertThat(changes).isEmpty();
    }
  }

  @Test
  void a_file_that_changes_is_read_again_and_so_are_those_that_it_extends() throws IOException {
    try (var live = live().watch(failures::add)) {
      Path base = Files.createDirectory(folder.resolve("sub")).resolve("base.ini");
      Files.writeString(base, "[b]\nx = 1\n");
      write("[DEFAULT]\nextends = sub/base.ini\n[a]\nx = 2\nport = 1\n");
      await().until(() -> live.current().find("b.x").isPresent());

      Files.writeString(base, "[b]\nx = 22\n");
      await().until(() -> live.current().get("b.x").equals(22L));

      assertThat(changes.get(changes.size() - 1).changed()).isEqualTo(Set.of("b.x"));
    }
  }

  @Test
  void a_change_to_something_wrong_is_told_and_the_next_one_counts_again() throws IOException {
    try (var live = live().watch(failures::add)) {
      write("[a]\nport = 70000\n");
      await().until(() -> !failures.isEmpty());
      assertThat(live.current().get("a.x")).isEqualTo(1L);

      write("[a]\nx = 3\nport = 1\n");
      await().until(() -> live.current().get("a.x").equals(3L));
    }
  }
}
