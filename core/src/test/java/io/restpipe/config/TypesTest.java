package io.restpipe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypesTest {

  private static final SettingType<Duration> SECONDS =
      Types.seconds(Duration.ofMillis(50), Duration.ofHours(1));

  @ParameterizedTest
  @ValueSource(strings = {"0", "1234", "65535"})
  void ports(String text) {
    assertThat(Types.port().parse(text)).isEqualTo(Integer.parseInt(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "65536", "80800", "abc", "1.5", " 1", "99999999999"})
  void no_ports(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Types.port().parse(text))
        .withMessage("must be 0 to 65535");
  }

  @Test
  void nobody_listens_on_port_0() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Types.targetPort().parse("0"))
        .withMessage("must be 1 to 65535");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "true", "TRUE", "yes", "on"})
  void yes(String text) {
    assertThat(Types.bool().parse(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "false", "No", "off"})
  void no(String text) {
    assertThat(Types.bool().parse(text)).isFalse();
  }

  @Test
  void neither_yes_nor_no() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Types.bool().parse("maybe"))
        .withMessage("must be 1, true, yes or on, or 0, false, no or off");
  }

  @Test
  void seconds_with_and_without_a_fraction() {
    assertThat(SECONDS.parse("5")).isEqualTo(Duration.ofSeconds(5));
    assertThat(SECONDS.parse("2.5")).isEqualTo(Duration.ofMillis(2500));
    assertThat(SECONDS.parse("0.05")).isEqualTo(Duration.ofMillis(50));
    assertThat(SECONDS.parse("3600")).isEqualTo(Duration.ofHours(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.049", "3600.1", "-5", "5x", "1e3", "NaN", "", ".5", "9999999999"})
  void no_seconds(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SECONDS.parse(text))
        .withMessage("must be 50ms to 1h, such as 5s, 2m30s or 500ms; without a unit, seconds");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "pipe.example.com", "10.0.0.1", "::1", "a_b"})
  void hosts(String text) {
    assertThat(Types.host().parse(text)).isEqualTo(text);
  }

  @Test
  void brackets_around_an_ipv6_address_are_dropped() {
    assertThat(Types.host().parse("[::1]")).isEqualTo("::1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "http://a", "a:1", "a/b", "[a"})
  void no_hosts(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Types.host().parse(text));
  }

  @Test
  void endpoints() {
    assertThat(Endpoint.parse("127.0.0.1:7080")).isEqualTo(new Endpoint.Tcp("127.0.0.1", 7080));
    assertThat(Endpoint.parse("[::1]:0")).isEqualTo(new Endpoint.Tcp("::1", 0));
    assertThat(Endpoint.parse("unix:/run/a.sock"))
        .isEqualTo(new Endpoint.Unix(Path.of("/run/a.sock")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "7080", ":7080", "a:", "a:70000", "::1:80", "unix:", "a b:1"})
  void no_endpoints(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Types.endpoint().parse(text))
        .withMessage("must be HOST:PORT (port 0 to 65535) or unix:PATH");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:7080", "[::1]:1", "unix:/run/a.sock"})
  void an_endpoint_is_written_as_it_is_read(String text) {
    assertThat(Endpoint.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Handler", "com.example.Handler", "a.B$C", "_x.Y1"})
  void class_names(String text) {
    assertThat(Types.className().parse(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"com.example.", ".A", "a-b.C", "com/example/Handler", "1a", "a b"})
  void no_class_names(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Types.className().parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", "a/b", "/a"})
  void a_file_name_does_not_leave_its_folder(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Types.fileName().parse(text));
  }

  @Test
  void words_parted_by_commas() {
    assertThat(Types.words().parse("a, b,c")).containsExactly("a", "b", "c");
    assertThatIllegalArgumentException().isThrownBy(() -> Types.words().parse("a,,b"));
  }

  @Test
  void empty_is_none_where_a_value_is_optional() {
    assertThat(Types.optional(Types.port()).parse("")).isEmpty();
    assertThat(Types.optional(Types.port()).parse("1")).contains(1);
  }

  @Property
  void whatever_is_given_either_is_a_value_or_is_explained(@ForAll String text) {
    for (SettingType<?> type :
        new SettingType<?>[] {
          Types.port(),
          Types.bool(),
          SECONDS,
          Types.host(),
          Types.endpoint(),
          Types.className(),
          Types.fileName(),
          Types.path(),
          Types.words()
        }) {
      try {
        assertThat(type.parse(text)).isNotNull();
      } catch (IllegalArgumentException wrong) {
        assertThat(wrong).hasMessageStartingWith("must be ");
      }
    }
  }
}
