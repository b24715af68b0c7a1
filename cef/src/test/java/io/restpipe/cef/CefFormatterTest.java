package io.restpipe.cef;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class CefFormatterTest {

  private static final CefDevice DEVICE = new CefDevice("Security", "threatmanager", "1.0");
  private static final CefFormatter FORMATTER = CefFormatter.builder().build();

  private static CefEvent.Builder event(String name) {
    return CefEvent.builder(DEVICE, "100", name, CefSeverity.of(10));
  }

  @Test
  void writes_pipes_and_backslashes_of_the_header_escaped_and_equals_signs_as_they_are() {
    var device = new CefDevice("a|b", "c\\d", "1=2");
    CefEvent event =
        CefEvent.builder(device, "s|", "detected a \\ in x=y", CefSeverity.HIGH).build();

    assertThat(FORMATTER.format(event))
        .isEqualTo("CEF:0|a\\|b|c\\\\d|1=2|s\\||detected a \\\\ in x=y|High|");
  }

  @Test
  void writes_backslashes_equals_signs_and_line_breaks_of_values_escaped_and_pipes_as_they_are() {
    CefEvent event =
        event("n")
            .set(CefKeys.ACT, "blocked a | \\ =")
            .set(CefKeys.MSG, "Detected a threat.\r\n No action needed")
            .build();

    assertThat(FORMATTER.format(event))
        .isEqualTo(
            "CEF:0|Security|threatmanager|1.0|100|n|10|act=blocked a | \\\\ \\="
                + " msg=Detected a threat.\\r\\n No action needed");
  }

  @Test
  void writes_utf_8() {
    CefEvent event = event("Grüße").set(CefKeys.SUSER, "žluťoučký 本 😀=").build();

    byte[] bytes = FORMATTER.bytes(event);

    assertThat(new String(bytes, StandardCharsets.UTF_8))
        .isEqualTo("CEF:0|Security|threatmanager|1.0|100|Grüße|10|suser=žluťoučký 本 😀\\=");
  }

  @Test
  void writes_version_1() {
    assertThat(CefFormatter.builder().version(1).build().format(event("n").build()))
        .isEqualTo("CEF:1|Security|threatmanager|1.0|100|n|10|");
    assertThatThrownBy(() -> CefFormatter.builder().version(2)).hasMessageContaining("0 or 1");
  }

  @Test
  void writes_times_in_the_form_and_zone_asked_for() {
    CefEvent event =
        event("n")
            .set(CefKeys.RT, Instant.ofEpochMilli(1_795_245_504_123L))
            .extra("x", "5")
            .build();
    var formatter =
        CefFormatter.builder()
            .times(CefTimeFormat.YEAR_TIME_MILLIS_ZONE, ZoneId.of("Europe/Berlin"))
            .build();

    assertThat(formatter.format(event)).endsWith("|rt=Nov 21 2026 08:18:24.123 GMT+01:00 x=5");
    assertThat(FORMATTER.format(event)).endsWith("|rt=1795245504123 x=5");
  }

  @Test
  void adds_the_smallest_extensions_first_and_drops_whole_ones_when_the_record_is_full() {
    CefEvent event =
        event("n")
            .customString(1, "agent", "x".repeat(480))
            .set(CefKeys.MSG, "m".repeat(400))
            .set(CefKeys.REQUEST, "r".repeat(300))
            .set(CefKeys.SUSER, "ann")
            .build();

    String line = CefFormatter.builder().maxBytes(1024).build().format(event);

    assertThat(line)
        .isEqualTo(
            "CEF:0|Security|threatmanager|1.0|100|n|10|msg="
                + "m".repeat(400)
                + " request="
                + "r".repeat(300)
                + " suser=ann");
  }

  @Test
  void fills_a_record_to_the_last_byte() {
    CefEvent event =
        event("n").set(CefKeys.MSG, "ä=".repeat(200)).set(CefKeys.SUSER, "ann").build();
    int whole = FORMATTER.bytes(event).length;

    assertThat(CefFormatter.builder().maxBytes(whole).build().bytes(event)).hasSize(whole);
    assertThat(CefFormatter.builder().maxBytes(whole - 1).build().format(event))
        .endsWith("|10|suser=ann");
  }

  @Test
  void shortens_name_and_signature_when_the_header_alone_is_too_long() {
    CefEvent event =
        CefEvent.builder(DEVICE, "|".repeat(600), "😀".repeat(200), CefSeverity.of(1))
            .set(CefKeys.SUSER, "ann")
            .build();

    byte[] bytes = CefFormatter.builder().maxBytes(512).build().bytes(event);

    CefEvent read = CefParser.strict().parseLine(bytes).event();
    assertThat(bytes).hasSizeBetween(500, 512);
    assertThat(event.signature()).startsWith(read.signature());
    assertThat(event.name()).startsWith(read.name());
    assertThat(read.name()).isNotEmpty();
  }

  @Test
  void writes_into_the_middle_of_a_buffer() {
    CefEvent event = event("n").set(CefKeys.SUSER, "ann").build();
    byte[] buffer = new byte[FORMATTER.maxBytes() + 3];

    int end = FORMATTER.format(event, buffer, 3);

    assertThat(new String(buffer, 3, end - 3, StandardCharsets.UTF_8))
        .isEqualTo(FORMATTER.format(event));
  }
}
