package io.restpipe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BindingTest {

  @TempDir Path folder;

  enum Level {
    LOW,
    VERY_HIGH
  }

  record Inner(@Entry(orElse = "4KiB") DataSize buffer, Optional<String> note) {}

  record Server(
      @Entry(orElse = "127.0.0.1") String host,
      @Entry(orElse = "8080", atLeast = "1", atMost = "65535") int bindPort,
      @Entry(orElse = "5s", atLeast = "1s", atMost = "1m") Duration timeout,
      @Entry(key = "lvl", orElse = "low") Level level,
      @Entry(orElse = "0.5", atMost = "1") double ratio,
      @Entry(orElse = "false") boolean on,
      Optional<Secret> password,
      Optional<Path> log,
      List<Endpoint.Tcp> peers,
      Inner inner) {}

  record Strict(String name, long count) {
    Strict {
      if (count > name.length()) {
        throw new IllegalArgumentException("count must not be above the length of name");
      }
    }
  }

  private Configuration ini(String text) {
    return Configuration.from().text(folder.resolve("app.ini"), text).load();
  }

  @Test
  void a_section_becomes_a_record() {
    Server server =
        ini("""
                [server]
                bind_port = 1
                timeout = 30
                lvl = very-high
                ratio = 0.25
                on = yes
                password = 0042
                log = x.log
                peers =
                    a:1
                    b:2
                inner.buffer = 16KiB
                """)
            .bind("server", Server.class);

    assertThat(server)
        .isEqualTo(
            new Server(
                "127.0.0.1",
                1,
                Duration.ofSeconds(30),
                Level.VERY_HIGH,
                0.25,
                true,
                Optional.of(new Secret("0042")),
                Optional.of(folder.resolve("x.log")),
                List.of(new Endpoint.Tcp("a", 1), new Endpoint.Tcp("b", 2)),
                new Inner(new DataSize(16 * 1024), Optional.empty())));
  }

  @Test
  void what_is_not_said_has_its_default() {
    Server server = ini("").bind("server", Server.class);

    assertThat(server.bindPort()).isEqualTo(8080);
    assertThat(server.timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(server.peers()).isEmpty();
    assertThat(server.password()).isEmpty();
    assertThat(server.inner().buffer()).isEqualTo(new DataSize(4096));
  }

  @Test
  void all_that_is_wrong_is_said_at_once() {
    Configuration configuration =
        ini(
            """
            [server]
            bind_prot = 1
            bind_port = 70000
            timeout = 2h
            lvl = middle
            inner.buffer = much
            inner.bufer = 1
            quite_another_thing = 1
            [other]
            unknown = is left alone
            """);

    assertThatThrownBy(() -> configuration.bind("server", Server.class))
        .hasMessage(
            """
            server.bind_port = 70000 (F:3): must be 1 to 65535
            server.timeout = 2h (F:4): must be 1s to 1m
            server.lvl = middle (F:5): must be one of low, very_high
            server.inner.buffer = much (F:6): must be a size in whole bytes such as 512, 16KiB or 4MB
            server.bind_prot (F:2): there is no such key; did you mean server.bind_port?
            server.inner.bufer (F:7): there is no such key; did you mean server.inner.buffer?
            server.quite_another_thing (F:8): there is no such key: take it out"""
                .replace("F:", folder.resolve("app.ini") + ":"));
  }

  @Test
  void what_must_be_there_is_missed_and_the_record_may_refuse() {
    assertThatThrownBy(() -> ini("[s]\nnmae = x\n").bind("s", Strict.class))
        .hasMessageContaining("s.name: must be set; is s.nmae (")
        .hasMessageContaining("s.count: must be set")
        .hasMessageContaining("s.nmae (" + folder.resolve("app.ini") + ":2): there is no such key");
    assertThatThrownBy(() -> ini("[s]\nname = x\ncount = 2\n").bind("s", Strict.class))
        .hasMessage(
            "[s] ("
                + folder.resolve("app.ini")
                + ":2): count must not be above the length of name");
  }

  @Test
  void a_secret_may_be_in_a_file_of_its_own() throws IOException {
    Files.writeString(folder.resolve("pw"), "hush\n");

    Server server = ini("[server]\npassword_file = pw\n").bind("server", Server.class);

    assertThat(server.password().orElseThrow().reveal()).isEqualTo("hush");
    assertThat(server.toString()).contains("[redacted]").doesNotContain("hush");
  }

  @Test
  void of_a_secret_and_its_file_the_later_source_wins_and_one_source_has_one() throws IOException {
    Path pw = Files.writeString(folder.resolve("pw"), "from file");
    Configuration both = ini("[s]\npassword = a\npassword_file = pw\n");
    Configuration later =
        Configuration.from()
            .map(Map.of("s.password", "a"))
            .map(Map.of("s.password_file", pw.toString()))
            .load();
    Configuration earlier =
        Configuration.from()
            .map(Map.of("s.password_file", "/not/looked/at"))
            .map(Map.of("s.password", "a"))
            .load();

    assertThatThrownBy(() -> both.get("s.password", Types.secret()))
        .hasMessageContaining("must not be there beside s.password: take one of them out");
    assertThat(later.get("s.password", Types.secret()).reveal()).isEqualTo("from file");
    assertThat(earlier.get("s.password", Types.secret()).reveal()).isEqualTo("a");
    assertThatThrownBy(() -> ini("[s]\npassword_file = none\n").get("s.password", Types.secret()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("s.password_file = none (")
        .hasMessageContaining("must be a file that can be read");
  }

  record Unbindable(Thread thread) {}

  @Test
  void a_record_that_cannot_be_bound_is_a_mistake_of_the_program() {
    assertThatThrownBy(() -> ini("").bind("s", Unbindable.class))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("no configuration value can be a java.lang.Thread");
  }

  @Test
  void durations_and_sizes_are_read_as_people_write_them() {
    assertThat(Types.duration().parse("2m30s")).isEqualTo(Duration.ofSeconds(150));
    assertThat(Types.duration().parse("1d")).isEqualTo(Duration.ofDays(1));
    assertThat(Types.duration().parse("250ms")).isEqualTo(Duration.ofMillis(250));
    assertThat(Types.duration().parse("1.5")).isEqualTo(Duration.ofMillis(1500));
    assertThat(Types.size().parse("4MB")).isEqualTo(new DataSize(4_000_000));
    assertThat(Types.size().parse("0.5KiB")).isEqualTo(new DataSize(512));
    assertThat(new DataSize(16384)).hasToString("16KiB");
    for (String wrong : List.of("", "s", "-1s", "1s2m", "5 s", "1e3", "99999999d")) {
      assertThatThrownBy(() -> Types.duration().parse(wrong))
          .isExactlyInstanceOf(IllegalArgumentException.class);
    }
    for (String wrong : List.of("", "-1", "4 mb", "0.3", "9999999999TB")) {
      assertThatThrownBy(() -> Types.size().parse(wrong))
          .isExactlyInstanceOf(IllegalArgumentException.class);
    }
  }
}
