package io.restpipe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
      throws SettingsException {
    return Settings.of(ALL).flags(flags).environment(environment).resolve();
  }

  @Test
  void the_default_counts_where_nobody_says_anything_else() throws SettingsException {
    Settings settings = resolve(Map.of(), Map.of("OTHER", "1"));

    assertThat(settings.get(PORT)).isEqualTo(1234);
    assertThat(settings.origin(PORT)).isEqualTo(new Origin.Default()).hasToString("default");
    assertThat(settings.text(PORT)).isEqualTo("1234");
  }

  @Test
  void a_variable_goes_before_the_default() throws SettingsException {
    Settings settings = resolve(Map.of(), Map.of("RP_PORT", "1"));

    assertThat(settings.get(PORT)).isEqualTo(1);
    assertThat(settings.origin(PORT)).isEqualTo(new Origin.Variable("RP_PORT"));
  }

  @Test
  void a_flag_goes_before_a_variable() throws SettingsException {
    Settings settings = resolve(Map.of("--port", "2"), Map.of("RP_PORT", "1"));

    assertThat(settings.get(PORT)).isEqualTo(2);
    assertThat(settings.origin(PORT)).isEqualTo(new Origin.Flag("--port"));
  }

  @Test
  void the_preferred_name_of_a_variable_goes_before_its_alias() throws SettingsException {
    assertThat(resolve(Map.of(), Map.of("PORT", "3")).get(PORT)).isEqualTo(3);
    assertThat(resolve(Map.of(), Map.of("PORT", "3", "RP_PORT", "1")).get(PORT)).isEqualTo(1);
  }

  @Test
  void an_empty_variable_counts_as_unset_unless_empty_means_something() throws SettingsException {
    Settings settings = resolve(Map.of(), Map.of("RP_PORT", "", "RP_HOST", "", "RP_HANDLER", ""));

    assertThat(settings.get(PORT)).isEqualTo(1234);
    assertThat(settings.find(HANDLER)).isEmpty();
    assertThat(settings.get(HOST)).isEmpty();
    assertThat(settings.origin(HOST)).hasToString("RP_HOST");
  }

  @Test
  void an_empty_flag_is_a_mistake() {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> resolve(Map.of("--port", ""), Map.of()))
        .withMessage("--port = (empty): must not be empty");
  }

  @Test
  void all_that_is_wrong_is_said_at_once_in_the_order_of_declaration() {
    SettingsException wrong =
        catchThrowableOfType(
            SettingsException.class,
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
    assertThatExceptionOfType(SettingsException.class)
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

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Settings.of(ALL).environment(Map.of("RP_PORT", "1")).rule(rule).resolve())
        .withMessage("RP_PORT = 1: must not be 1");
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(
            () ->
                Settings.of(ALL)
                    .environment(Map.of("RP_PORT", "1", "RP_HOST", "/"))
                    .rule(rule)
                    .resolve())
        .withMessage("RP_HOST = /: must be a host name or an IP address");
  }

  @Test
  void a_default_may_be_found_out_late() throws SettingsException {
    Setting<String> late =
        Setting.of("late", Types.text("TEXT")).orElse("found out", () -> "value").help("Late.");

    Settings settings = Settings.of(List.of(late)).resolve();

    assertThat(settings.get(late)).isEqualTo("value");
    assertThat(settings.text(late)).isEqualTo("found out");
  }

  @Test
  void only_what_has_a_value_can_be_had() throws SettingsException {
    Settings settings = resolve(Map.of(), Map.of());
    Setting<String> stranger = Setting.of("stranger", Types.text("TEXT")).help("Stranger.");

    assertThatIllegalStateException()
        .isThrownBy(() -> settings.get(HANDLER))
        .withMessage("setting has no value: handler.class");
    assertThatIllegalStateException()
        .isThrownBy(() -> settings.find(stranger))
        .withMessage("setting was not declared here: stranger");
  }
}
