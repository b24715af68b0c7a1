package io.restpipe.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTest {

  private static Event at(String path) {
    return Event.at(Verb.GET, path).build();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "time                  | time     | ''          | ''",
        "time/utc              | time/utc | ''          | ''",
        "cat//hello%20/world   | cat      | hello ,world | ''",
        "cat//a%2Fb/c          | cat      | a/b,c       | ''",
        "a%2Fb                 | a/b      | ''          | ''",
        "a+b//c+d              | a+b      | c+d         | ''",
        "time?zone=utc         | time     | ''          | zone=utc",
        "time?a//b             | time     | ''          | a//b",
        "cat//x?a=%20?b        | cat      | x           | a=%20?b",
        "%C3%A4%E2%82%AC%F0%9F%98%80 | ä€😀 | ''       | ''",
        "ä//ö                  | ä        | ö           | ''",
      })
  void a_path_is_split_before_it_is_decoded(
      String path, String noun, String parameters, String query) {
    Event event = at(path.strip());

    assertThat(event.noun()).isEqualTo(noun);
    assertThat(String.join(",", event.parameters())).isEqualTo(parameters);
    assertThat(event.query()).isEqualTo(query);
  }

  @Test
  void empty_parameters_are_parameters() {
    assertThat(at("cat").parameters()).isEmpty();
    assertThat(at("cat//").parameters()).containsExactly("");
    assertThat(at("cat//a/").parameters()).containsExactly("a", "");
    assertThat(at("cat//a//b").parameters()).containsExactly("a", "", "b");
    assertThat(at("//a").noun()).isEmpty();
    assertThat(at("").noun()).isEmpty();
    assertThat(at("").parameters()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%",
        "%2",
        "a%zz",
        "%+1",
        "%-1",
        "%٣٣",
        "x//%",
        "x//a%2",
        "%C3",
        "%C3a",
        "%FF",
        "%C0%80",
        "%ED%A0%80"
      })
  void a_malformed_escape_is_refused(String path) {
    assertThatThrownBy(() -> at(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("percent escape");
  }

  @Property
  void what_is_escaped_comes_back(
      @ForAll @NotEmpty @Size(max = 5) List<@Size(max = 20) String> given) {
    List<String> parameters = given.stream().map(EventTest::wellFormed).toList();
    String path =
        parameters.stream()
            .map(text -> URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20"))
            .collect(Collectors.joining("/", "cat//", ""));

    assertThat(at(path).parameters()).isEqualTo(parameters);
  }

  /** Half a surrogate pair has no UTF-8. */
  private static String wellFormed(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  @Test
  void a_builder_can_start_from_an_event() {
    Event event =
        Event.at(Verb.POST, "cat//a?q")
            .id("id-1")
            .headers(Headers.of("A", "b"))
            .body("text/plain", "hello")
            .timeout(Duration.ofSeconds(3))
            .build();

    Event copy = event.toBuilder().parameter("b").build();

    assertThat(event.parameters()).containsExactly("a");
    assertThat(copy.parameters()).containsExactly("a", "b");
    assertThat(copy.id()).hasValue("id-1");
    assertThat(copy.query()).isEqualTo("q");
    assertThat(copy.headers()).isEqualTo(event.headers());
    assertThat(copy.mimeType()).isEqualTo("text/plain");
    assertThat(copy.body()).isSameAs(event.body());
    assertThat(copy.timeout()).hasValue(Duration.ofSeconds(3));
    assertThat(copy).hasToString("POST cat [id-1]");
  }

  @Test
  void ids_and_timeouts_are_checked() {
    Event.Builder builder = Event.builder(Verb.GET, "time");

    for (String id : List.of("", "a\nb", "ä", "x".repeat(256))) {
      assertThatThrownBy(() -> builder.id(id)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> builder.timeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(builder.id("x".repeat(255)).build().id()).isPresent();
  }
}
