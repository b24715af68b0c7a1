package io.restpipe.cef;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CefSeverityTest {

  @Test
  void has_a_word_for_every_number() {
    assertThat(CefSeverity.of(0).word()).isEqualTo(CefSeverity.LOW);
    assertThat(CefSeverity.of(3).word()).isEqualTo(CefSeverity.LOW);
    assertThat(CefSeverity.of(4).word()).isEqualTo(CefSeverity.MEDIUM);
    assertThat(CefSeverity.of(7).word()).isEqualTo(CefSeverity.HIGH);
    assertThat(CefSeverity.of(9).word()).isEqualTo(CefSeverity.VERY_HIGH);
    assertThat(CefSeverity.of(10).word()).isEqualTo(CefSeverity.VERY_HIGH);
  }

  @Test
  void is_found_by_number_or_word_in_any_case() {
    assertThat(CefSeverity.find("10")).contains(CefSeverity.of(10));
    assertThat(CefSeverity.find("very-high")).contains(CefSeverity.VERY_HIGH);
    assertThat(CefSeverity.find("11")).isEmpty();
    assertThat(CefSeverity.find("")).isEmpty();
  }

  @Test
  void of_other_producers_are_understood_if_they_are_nearly_a_word() {
    assertThat(CefSeverity.foreign("very high").word()).isEqualTo(CefSeverity.VERY_HIGH);
    assertThat(CefSeverity.foreign("Fatal").word()).isEqualTo(CefSeverity.UNKNOWN);
  }

  @Test
  void refuses_numbers_beyond_ten() {
    assertThatThrownBy(() -> CefSeverity.of(11)).hasMessageContaining("0 (least) to 10 (worst)");
    assertThatThrownBy(() -> CefSeverity.of(-1)).hasMessageContaining("-1");
  }
}
