package io.restpipe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {

  private static final Path FILE = Path.of("app.ini");

  @TempDir Path folder;

  private static Configuration ini(String text) {
    return Configuration.from().environment(Map.of()).text(FILE, text).load();
  }

  @Test
  void finds_keys_in_any_case_and_sections_in_their_order() {
    Configuration configuration = ini("[Two]\nA = 1\n[one]\nB: x\n[empty]\n[DEFAULT]\n");

    assertThat(configuration.sections()).containsExactly("Two", "one", "empty");
    assertThat(configuration.get("two.a")).isEqualTo(1L);
    assertThat(configuration.get("TWO.A")).isEqualTo(1L);
    assertThat(configuration.section("one")).containsExactly(Map.entry("b", "x"));
    assertThat(configuration.section("One").get("B")).isEqualTo("x");
    assertThat(configuration.section("one").containsKey("B")).isTrue();
    assertThat(configuration.section("none")).isEmpty();
  }

  @Test
  void a_section_can_be_listed_though_one_of_its_values_cannot_be_read() {
    Map<String, Object> section = ini("[a]\nx = 1\ny = ${NO_SUCH}\n").section("a");

    assertThat(section.keySet()).containsExactly("x", "y");
    assertThat(section.get("x")).isEqualTo(1L);
    assertThatThrownBy(() -> section.get("y"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("a.y = ${NO_SUCH} (app.ini:3): the environment variable NO_SUCH");
  }

  @Test
  void the_variable_is_looked_up_when_the_value_is_read() {
    Configuration configuration =
        Configuration.from()
            .environment(Map.of("STUFF", "stuff"))
            .text(FILE, "[a]\nx = some ${STUFF}\n")
            .load();

    assertThat(configuration.get("a.x")).isEqualTo("some stuff");
    assertThat(configuration.find("a.x").orElseThrow().written()).isEqualTo("some ${STUFF}");
  }

  @Test
  void a_later_source_wins_and_the_value_knows_what_it_overrode() {
    Configuration configuration =
        Configuration.from()
            .environment(Map.of("APP_SERVER__PORT", "3", "APP_OTHER", "x", "SERVER__PORT", "4"))
            .map(Map.of("server", Map.of("port", 1, "host", "a")), "built in")
            .text(FILE, "[server]\nport = 2\n")
            .variables("APP_")
            .load();

    ConfigValue port = configuration.find("server.port").orElseThrow();
    assertThat(port.get()).isEqualTo(3L);
    assertThat(port.origin()).isEqualTo(new Origin.Variable("APP_SERVER__PORT"));
    assertThat(port.overridden())
        .extracting(ConfigValue::toString)
        .containsExactly("server.port = 2 (app.ini:2)", "server.port = 1 (built in)");
    assertThat(configuration.section("")).isEmpty();
    assertThat(configuration.section("server")).hasSize(2);
  }

  @Test
  void merge_lays_the_keys_of_a_section_over_those_of_others() {
    Configuration configuration =
        ini(
            "[global]\nretry_after = 10\npage = x\n"
                + "[host:www.example.com]\nglobal.retry_after = 60\n"
                + "[host:b]\nglobal.retry_after = 70\nother.key = 1\n");

    Configuration merged = configuration.merge("host:www.example.com");

    assertThat(merged.get("global.retry_after")).isEqualTo(60L);
    assertThat(merged.get("global.page")).isEqualTo("x");
    assertThat(merged.find("global.retry_after").orElseThrow().origin())
        .isEqualTo(new Origin.File(FILE, 5));
    assertThat(configuration.get("global.retry_after")).isEqualTo(10L);
    assertThat(configuration.merge("host:www.example.com", "host:b").section("global"))
        .containsEntry("retry_after", 70L);
    assertThat(configuration.merge("host:b").get("other.key")).isEqualTo(1L);
    assertThat(configuration.merge("host:nobody").values())
        .containsExactlyElementsOf(configuration.values());
  }

  @Test
  void a_map_is_converted_and_loads_the_files_that_it_names() throws IOException {
    Path file = Files.writeString(folder.resolve("x.ini"), "[a]\nx = 1\ny = 2\n");
    var map = new LinkedHashMap<String, Object>();
    map.put("one", "1");
    map.put("three", "false");
    map.put("list", List.of(1, "2"));
    map.put("configuration", "file:" + file);
    map.put("a", Map.of("y", 3));
    map.put("nothing", null);

    Configuration configuration = Configuration.from().environment(Map.of()).map(map).load();

    assertThat(configuration.section(""))
        .isEqualTo(Map.of("one", 1L, "three", false, "list", List.of(1L, "2")));
    assertThat(configuration.section("a")).isEqualTo(Map.of("x", 1L, "y", 3L));
    assertThat(configuration.find("a.x").orElseThrow().origin())
        .isEqualTo(new Origin.File(file, 2));
  }

  @Test
  void a_file_that_a_map_names_must_be_there() {
    Sources sources = Configuration.from().map(Map.of("x", "file:/no/such"), "my map");

    assertThatThrownBy(sources::load)
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "x = file:/no/such (my map): there is no file /no/such: make it, or correct the name");
  }

  @Test
  void a_file_that_is_named_must_be_there() {
    Sources sources =
        Configuration.from()
            .file(Path.of("/no/such.ini"), new Origin.Variable("APP_CONFIG"))
            .file(Path.of("/nor/this.json"))
            .optionalFile(Path.of("/may/be.ini"));

    assertThatThrownBy(sources::load)
        .hasMessage(
            """
            APP_CONFIG: there is no file /no/such.ini: make it, or correct the name
            /nor/this.json: there is no file /nor/this.json: make it, or correct the name""");
  }

  @Test
  void constants_of_a_class_are_values() {
    Configuration configuration =
        Configuration.from()
            .userModule(
                Constants.class.getName(),
                Constants.class.getClassLoader(),
                new Origin.Variable("MODULE"))
            .load();

    assertThat(configuration.section("server"))
        .isEqualTo(Map.of("bind_port", 1L, "timeout", Duration.ofSeconds(5)));
    assertThat(configuration.get("log_file.name")).isEqualTo("x");
    assertThat(configuration.get("server.timeout", Types.duration()))
        .isEqualTo(Duration.ofSeconds(5));
    assertThat(configuration.find("server.bind_port").orElseThrow().origin().toString())
        .endsWith("Constants.SERVER__BIND_PORT");
  }

  /** As somebody would write them. */
  public static final class Constants {
    public static final int SERVER__BIND_PORT = 1;
    public static final Duration SERVER__TIMEOUT = Duration.ofSeconds(5);
    static final int HIDDEN = 2;

    private Constants() {}

    /** A section. */
    public static final class LogFile {
      public static final String NAME = "x";

      private LogFile() {}
    }
  }

  @Test
  void a_user_module_may_be_a_file_and_must_be_one_of_both() throws IOException {
    Path file = Files.writeString(folder.resolve("module.properties"), "a.x=1\n");
    var origin = new Origin.Variable("MODULE");
    ClassLoader loader = getClass().getClassLoader();

    assertThat(Configuration.from().userModule(file.toString(), loader, origin).load().get("a.x"))
        .isEqualTo(1L);
    assertThatThrownBy(() -> Configuration.from().userModule("no.Such", loader, origin).load())
        .hasMessage("MODULE: no.Such is neither a file nor a class on the class path");
  }

  @Test
  void says_the_nearest_key_of_one_that_is_missing() {
    Configuration configuration = ini("[a]\nretry_aftre = 1\n");

    assertThatThrownBy(
            () ->
                configuration.get(
                    "a.retry_after", Types.seconds(Duration.ZERO, Duration.ofDays(1))))
        .hasMessage("a.retry_after: must be set; is a.retry_aftre (app.ini:2) what is meant?");
  }

  @Test
  void a_value_of_the_wrong_type_is_said_with_its_place() {
    Configuration configuration = ini("[a]\nport = 70000\nlist = 1\n 2\nwait = soon\n");

    assertThatThrownBy(() -> configuration.get("a.port", Types.port()))
        .hasMessage("a.port = 70000 (app.ini:2): must be 0 to 65535");
    assertThatThrownBy(() -> configuration.get("a.list", Types.port()))
        .hasMessage("a.list = 1\uFFFD2 (app.ini:3): must be one value, not a list");
    assertThatThrownBy(() -> configuration.get("a.wait", Types.duration()))
        .hasMessage(
            "a.wait = soon (app.ini:5): must be a duration such as 5s, 2m30s or 250ms, or a number"
                + " of seconds");
  }

  @Test
  void paths_are_relative_to_the_file_that_they_are_in() {
    Configuration configuration =
        Configuration.from().text(folder.resolve("x.ini"), "[a]\np = b/c\nu = unix:s\n").load();

    assertThat(configuration.get("a.p", Types.path())).isEqualTo(folder.resolve("b/c"));
    assertThat(configuration.get("a.u", Types.endpoint()))
        .isEqualTo(new Endpoint.Unix(folder.resolve("s")));
  }

  @Test
  void what_is_no_text_is_refused() throws IOException {
    Path file =
        Files.write(folder.resolve("x.ini"), new byte[] {'[', 'a', ']', '\n', 'x', '=', -1});

    assertThatThrownBy(() -> Configuration.load(file))
        .hasMessage(file + ":2: is no UTF-8: save the file in that encoding");
    assertThatThrownBy(() -> Configuration.load(folder))
        .hasMessage(folder + ": cannot read " + folder + ": Is a directory");
  }

  @Test
  void a_pipe_is_refused_for_it_may_never_end() {
    Path device = Path.of("/dev/null");

    assertThatThrownBy(() -> Configuration.load(device))
        .hasMessage("/dev/null: cannot read /dev/null: it is no regular file");
  }

  @Test
  void bounds_how_many_files_extend_each_other() throws IOException {
    for (int i = 0; i < 20; i++) {
      Files.writeString(
          folder.resolve(i + ".ini"),
          "[DEFAULT]\nextends = " + (i + 1) + ".ini\n  ./" + (i + 1) + ".ini\n");
    }
    Files.writeString(folder.resolve("20.ini"), "");

    assertThatThrownBy(() -> Configuration.load(folder.resolve("0.ini")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must not be more than 200 files together")
        .satisfies(wrong -> assertThat(((ConfigException) wrong).problems()).hasSizeLessThan(101));
  }

  @Test
  void an_ini_file_is_read_without_jackson() throws Exception {
    Path file = Files.writeString(folder.resolve("x.ini"), "[a]\nx = 1\n");
    URL classes = Configuration.class.getProtectionDomain().getCodeSource().getLocation();

    try (var loader =
        new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
      Class<?> type = loader.loadClass(Configuration.class.getName());
      Object read = type.getMethod("load", Path[].class).invoke(null, (Object) new Path[] {file});

      assertThat(type.getMethod("get", String.class).invoke(read, "a.x")).isEqualTo(1L);
      assertThatThrownBy(() -> loader.loadClass("tools.jackson.core.JsonParser"))
          .isInstanceOf(ClassNotFoundException.class);
    }
  }
}
