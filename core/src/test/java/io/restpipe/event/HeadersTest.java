package io.restpipe.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {

  @Test
  void fields_are_found_without_regard_to_case_and_in_order() {
    Headers headers = Headers.of("Accept", "a", "X-B", "b").with("accept", "c");

    assertThat(headers.first("ACCEPT")).hasValue("a");
    assertThat(headers.all("accept")).containsExactly("a", "c");
    assertThat(headers.first("none")).isEmpty();
    assertThat(headers.all("none")).isEmpty();
    assertThat(headers.size()).isEqualTo(3);
    var seen = new ArrayList<String>();
    headers.forEach((name, value) -> seen.add(name + "=" + value));
    assertThat(seen).containsExactly("Accept=a", "X-B=b", "accept=c");
  }

  @Test
  void they_do_not_change() {
    String[] given = {"A", "b"};
    Headers headers = Headers.of(given);
    given[1] = "changed";
    headers.with("C", "d");

    assertThat(headers.first("A")).hasValue("b");
    assertThat(headers.size()).isEqualTo(1);
  }

  @Test
  void empty_is_empty() {
    assertThat(Headers.of()).isSameAs(Headers.empty());
    assertThat(Headers.of(Map.of())).isSameAs(Headers.empty());
    assertThat(Headers.empty().isEmpty()).isTrue();
  }

  @Test
  void equality_ignores_the_case_of_names_only() {
    assertThat(Headers.of("A", "b")).isEqualTo(Headers.of(Map.of("a", "b")));
    assertThat(Headers.of("A", "b")).hasSameHashCodeAs(Headers.of("a", "b"));
    assertThat(Headers.of("A", "b")).isNotEqualTo(Headers.of("A", "B"));
    assertThat(Headers.of("A", "b")).isNotEqualTo(Headers.of("A", "b", "A", "b"));
  }

  @Test
  void values_are_not_shown() {
    assertThat(Headers.of("Authorization", "secret")).hasToString("[Authorization]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a:", "a\r", "ä", "a\0", "(a)", "a/b"})
  void a_name_that_is_no_token_is_refused(String name) {
    assertThatThrownBy(() -> Headers.of(name, "x")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Headers.empty().with(name, "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r", "a\nb", "\0", "\u000b", "\u007f", "a\u001b[0m"})
  void a_value_with_a_control_character_is_refused_and_not_repeated(String value) {
    assertThatThrownBy(() -> Headers.of("A", "secret" + value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("header A")
        .hasMessageNotContaining("secret");
  }

  @Test
  void tabs_blanks_and_text_beyond_ascii_are_values() {
    assertThat(Headers.of("A", "b\tc d ä").first("a")).hasValue("b\tc d ä");
  }

  @Test
  void a_name_without_value_is_refused() {
    assertThatThrownBy(() -> Headers.of("A", "b", "C"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("header without a value: C");
  }

  @Property
  void adding_one_by_one_is_the_same_as_giving_all(
      @ForAll @Size(max = 6) List<@NotEmpty @AlphaChars @Size(max = 4) String> names) {
    var flat = new ArrayList<String>();
    Headers oneByOne = Headers.empty();
    for (String name : names) {
      flat.add(name);
      flat.add("v" + name);
      oneByOne = oneByOne.with(name, "v" + name);
    }

    assertThat(Headers.of(flat.toArray(new String[0]))).isEqualTo(oneByOne);
  }
}
