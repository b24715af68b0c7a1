package io.restpipe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IniDocumentTest {

  private static final Path FILE = Path.of("x.ini");

  @TempDir Path folder;

  @Test
  void a_value_changes_in_its_place_and_all_else_stays() {
    IniDocument document =
        IniDocument.of(
            FILE,
            """
            # The server.
            [server]
            Host=a

            ; where it listens
            port : 1
            peers = a
              # an item
              c
            # after the list

            [client]
            x = 1""");

    document
        .set("server", "host", "b")
        .set("SERVER", "PORT", 2)
        .set("server", "peers", List.of("x", "12", 12))
        .set("server", "timeout", Duration.ofSeconds(90))
        .set("client", "x", "y z")
        .set("new one", "on", true);

    assertThat(document)
        .hasToString(
            """
            # The server.
            [server]
            Host=b

            ; where it listens
            port : 2
            peers =
                x
                "12"
                12
            timeout = 1m30s
            # after the list

            [client]
            x = y z

            [new one]
            on = true
            """);
    assertThat(document.find("server", "host")).contains("b");
  }

  @Test
  void the_last_of_the_same_keys_is_set_and_all_are_removed() {
    IniDocument document = IniDocument.of(FILE, "[a]\nx = 1\n[b]\n[a]\nx = 2\n");

    assertThat(document.set("a", "x", 3)).hasToString("[a]\nx = 1\n[b]\n[a]\nx = 3\n");
    assertThat(document.set("a", "y", 4)).hasToString("[a]\nx = 1\n[b]\n[a]\nx = 3\ny = 4\n");
    assertThat(document.remove("a", "x")).hasToString("[a]\n[b]\n[a]\ny = 4\n");
  }

  @Test
  void what_could_not_be_read_back_the_same_is_refused() {
    IniDocument document = IniDocument.of(FILE, "");

    for (String key : List.of("", " x", "a=b", "a:b", "#a", "[a", "a\nb")) {
      assertThatThrownBy(() -> document.set("s", key, 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (String section : List.of("", "a]", " a", "a\n")) {
      assertThatThrownBy(() -> document.set(section, "k", 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (Object value : List.of("a\nb", "\r", "%(here)s/x", "\uD800", List.of(List.of(1)))) {
      assertThatThrownBy(() -> document.set("s", "k", value))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(document).hasToString("");
  }

  @Test
  void a_file_is_saved_whole_and_keeps_who_may_read_it() throws IOException {
    Path file = Files.writeString(folder.resolve("x.ini"), "# top\n[a]\nx = 1\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Path link = Files.createSymbolicLink(folder.resolve("link.ini"), file);

    IniDocument.open(link).set("a", "x", 2).save();

    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("# top\n[a]\nx = 2\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void a_new_file_is_its_owners_only_and_a_broken_one_is_not_touched() throws IOException {
    Path file = folder.resolve("new.ini");
    Path broken = Files.writeString(folder.resolve("broken.ini"), "[a]\nbroken\n");

    IniDocument.open(file).set("a", "x", 1).save();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Configuration.load(file).get("a.x")).isEqualTo(1L);
    assertThatThrownBy(() -> IniDocument.open(broken))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(broken + ":2: ");
    assertThatThrownBy(() -> IniDocument.open(Path.of("/no/such/x.ini")).set("a", "x", 1).save())
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("/no/such/x.ini: cannot be written");
  }
}
