package io.restpipe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

  private static final Setting<Integer> PORT =
      Setting.of("server.port", Types.port())
          .environment("RP_PORT", "PORT")
          .flag("--port")
          .orElse("1234")
          .help("The port.");

  private static final Setting<String> HANDLER =
      Setting.of("handler.class", Types.className()).environment("RP_HANDLER").help("The class.");

  private static final Setting<Optional<String>> HOST =
      Setting.of("statsd.host", Types.optional(Types.host()))
          .environment("RP_HOST")
          .flag("--host")
          .orElse("localhost")
          .help("The host.");

  private static final List<Setting<?>> ALL = List.of(PORT, HANDLER, HOST);

  private static Settings resolve(Map<String, String> flags, Map<String, String> environment)
      throws ConfigException {
    return Settings.of(ALL).flags(flags).environment(environment).resolve();
  }

  @Test
  void the_default_counts_where_nobody_says_anything_else() throws ConfigException {
    Settings settings = resolve(Map.of(), Map.of("OTHER", "1"));

    assertThat(settings.get(PORT)).isEqualTo(1234);
    assertThat(settings.origin(PORT)).isEqualTo(new Origin.Default()).hasToString("default");
    assertThat(settings.text(PORT)).isEqualTo("1234");
  }

  @Test
  void a_variable_goes_before_the_default() throws ConfigException {
    Settings settings = resolve(Map.of(), Map.of("RP_PORT", "1"));

    assertThat(settings.get(PORT)).isEqualTo(1);
    assertThat(settings.origin(PORT)).isEqualTo(new Origin.Variable("RP_PORT"));
  }

  @Test
  void a_flag_goes_before_a_variable() throws ConfigException {
    Settings settings = resolve(Map.of("--port", "2"), Map.of("RP_PORT", "1"));

    assertThat(settings.get(PORT)).isEqualTo(2);
    assertThat(settings.origin(PORT)).isEqualTo(new Origin.Flag("--port"));
  }

  @Test
  void the_preferred_name_of_a_variable_goes_before_its_alias() throws ConfigException {
    assertThat(resolve(Map.of(), Map.of("PORT", "3")).get(PORT)).isEqualTo(3);
    assertThat(resolve(Map.of(), Map.of("PORT", "3", "RP_PORT", "1")).get(PORT)).isEqualTo(1);
  }

  @Test
  void an_empty_variable_counts_as_unset_unless_empty_means_something() throws ConfigException {
    Settings settings = resolve(Map.of(), Map.of("RP_PORT", "", "RP_HOST", "", "RP_HANDLER", ""));

    assertThat(settings.get(PORT)).isEqualTo(1234);
    assertThat(settings.find(HANDLER)).isEmpty();
    assertThat(settings.get(HOST)).isEmpty();
    assertThat(settings.origin(HOST)).hasToString("RP_HOST");
  }

  @Test
  void an_empty_flag_is_a_mistake() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> resolve(Map.of("--port", ""), Map.of()))
        .withMessage("--port = (empty): must not be empty");
  }

  @Test
  void all_that_is_wrong_is_said_at_once_in_the_order_of_declaration() {
    ConfigException wrong =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                resolve(Map.of("--host", "a b"), Map.of("RP_PORT", "80800", "RP_HANDLER", "1.2")));

    assertThat(wrong.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "RP_PORT = 80800: must be 0 to 65535",
            "RP_HANDLER = 1.2: must be the full name of a class, such as com.example.MyHandler",
            "--host = a b: must be a host name or an IP address");
    assertThat(wrong.problems().get(0).key()).isEqualTo("server.port");
    assertThat(wrong.problems().get(0).found()).isEqualTo("80800");
    assertThat(wrong.problems().get(0).expected()).isEqualTo("must be 0 to 65535");
  }

  @Test
  void a_value_cannot_pretend_to_be_another_line() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> resolve(Map.of(), Map.of("RP_PORT", "1\nall is well")))
        .withMessage("RP_PORT = 1\uFFFDall is well: must be 0 to 65535");
  }

  @Test
  void a_rule_sees_settings_that_are_right_by_themselves() {
    var rule =
        new Rule(
            List.of(PORT, HOST),
            settings ->
                settings.get(PORT) == 1
                    ? Optional.of(settings.problem(PORT, "must not be 1"))
                    : Optional.empty());

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> Settings.of(ALL).environment(Map.of("RP_PORT", "1")).rule(rule).resolve())
        .withMessage("RP_PORT = 1: must not be 1");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(
            () ->
                Settings.of(ALL)
                    .environment(Map.of("RP_PORT", "1", "RP_HOST", "/"))
                    .rule(rule)
                    .resolve())
        .withMessage("RP_HOST = /: must be a host name or an IP address");
  }

  @Test
  void a_default_may_be_found_out_late() throws ConfigException {
    Setting<String> late =
        Setting.of("late", Types.text("TEXT")).orElse("found out", () -> "value").help("Late.");

    Settings settings = Settings.of(List.of(late)).resolve();

    assertThat(settings.get(late)).isEqualTo("value");
    assertThat(settings.text(late)).isEqualTo("found out");
  }

  @Test
  void only_what_has_a_value_can_be_had() throws ConfigException {
    Settings settings = resolve(Map.of(), Map.of());
    Setting<String> stranger = Setting.of("stranger", Types.text("TEXT")).help("Stranger.");

    assertThatIllegalStateException()
        .isThrownBy(() -> settings.get(HANDLER))
        .withMessage("setting has no value: handler.class");
    assertThatIllegalStateException()
        .isThrownBy(() -> settings.find(stranger))
        .withMessage("setting was not declared here: stranger");
  }

  private static final Setting<Secret> PASSWORD =
      Setting.of("server.password", Types.secret()).environment("RP_PASSWORD").help("Hush.");

  @Test
  void a_configuration_goes_between_variables_and_defaults_and_is_overridden_visibly() {
    Configuration configuration =
        Configuration.from().text(Path.of("a.ini"), "[server]\nport = 2\n").load();

    Settings settings = Settings.of(ALL).configuration(configuration).resolve();
    Settings byVariable =
        Settings.of(ALL)
            .configuration(configuration)
            .environment(Map.of("RP_PORT", "3", "PORT", "4"))
            .resolve();

    assertThat(settings.get(PORT)).isEqualTo(2);
    assertThat(settings.origin(PORT)).hasToString("a.ini:2");
    assertThat(byVariable.get(PORT)).isEqualTo(3);
    assertThat(byVariable.overridden(PORT))
        .containsExactly(
            new Settings.Overridden("4", new Origin.Variable("PORT")),
            new Settings.Overridden("2", new Origin.File(Path.of("a.ini"), 2)),
            new Settings.Overridden("1234", new Origin.Default()));
  }

  @Test
  void the_name_of_a_variable_is_a_key_in_no_section_and_the_last_source_wins() {
    Sources names = Configuration.from().map(Map.of("server.port", 5)).map(Map.of("RP_PORT", 6));
    Sources keys = Configuration.from().map(Map.of("RP_PORT", 6)).map(Map.of("server.port", 5));

    assertThat(Settings.of(ALL).sources(names).resolve().get(PORT)).isEqualTo(6);
    assertThat(Settings.of(ALL).sources(keys).resolve().get(PORT)).isEqualTo(5);
  }

  @Test
  void an_empty_value_in_a_file_is_a_mistake() {
    Sources empty = Configuration.from().text(Path.of("a.ini"), "[server]\nport =\n");

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> Settings.of(ALL).sources(empty).resolve())
        .withMessage("server.port = (empty) (a.ini:2): must not be empty");
  }

  @Test
  void a_secret_is_never_shown(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("pw"), "hush\n");
    List<Setting<?>> one = List.of(PASSWORD);

    Settings settings =
        Settings.of(one)
            .environment(Map.of("RP_PASSWORD_FILE", file.toString()))
            .configuration(Configuration.from().map(Map.of("server.password", "other")).load())
            .resolve();

    assertThat(settings.get(PASSWORD).reveal()).isEqualTo("hush");
    assertThat(settings.text(PASSWORD)).isEqualTo("[redacted]");
    assertThat(settings.origin(PASSWORD)).hasToString("RP_PASSWORD_FILE");
    assertThat(settings.overridden(PASSWORD).toString())
        .contains("[redacted]")
        .doesNotContain("other");
  }

  @Test
  void what_is_wrong_in_files_is_said_together_with_the_values_beside_it() {
    Sources sources =
        Configuration.from().text(Path.of("a.ini"), "[server]\nbroken\nport = x\nprot = 1\n");

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> Settings.of(ALL).sources(sources).resolve())
        .withMessage(
            """
            a.ini:2: must be a key and its value, KEY = VALUE, or a [section]
            server.port = x (a.ini:3): must be 0 to 65535
            server.prot (a.ini:4): there is no such key; did you mean server.port?""");
  }

  @Property(tries = 500)
  void whatever_is_in_a_file_it_is_understood_or_refused_with_its_place(@ForAll String text) {
    Sources sources =
        Configuration.from().map(Map.of("server.port", text, "statsd.host", text), "given");

    try {
      Settings settings = Settings.of(ALL).sources(sources).resolve();
      assertThat(settings.origin(PORT)).hasToString("given");
    } catch (ConfigException refused) {
      assertThat(refused).hasMessageContaining("(given)");
    }
  }
}
