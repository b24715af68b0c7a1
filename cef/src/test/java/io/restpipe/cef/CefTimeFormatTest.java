package io.restpipe.cef;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CefTimeFormatTest {

  private static final Instant TIME = Instant.parse("2026-11-21T07:18:24.123Z");
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Test
  void writes_every_form_of_the_standard() {
    assertThat(CefTimeFormat.EPOCH_MILLIS.format(TIME, BERLIN)).isEqualTo("1795245504123");
    assertThat(CefTimeFormat.TIME.format(TIME, BERLIN)).isEqualTo("Nov 21 08:18:24");
    assertThat(CefTimeFormat.TIME_ZONE.format(TIME, BERLIN)).isEqualTo("Nov 21 08:18:24 GMT+01:00");
    assertThat(CefTimeFormat.TIME_MILLIS.format(TIME, BERLIN)).isEqualTo("Nov 21 08:18:24.123");
    assertThat(CefTimeFormat.TIME_MILLIS_ZONE.format(TIME, ZoneOffset.UTC))
        .isEqualTo("Nov 21 07:18:24.123 UTC");
    assertThat(CefTimeFormat.YEAR_TIME.format(TIME, BERLIN)).isEqualTo("Nov 21 2026 08:18:24");
    assertThat(CefTimeFormat.YEAR_TIME_ZONE.format(TIME, ZoneOffset.ofHoursMinutes(-3, -30)))
        .isEqualTo("Nov 21 2026 03:48:24 GMT-03:30");
    assertThat(CefTimeFormat.YEAR_TIME_MILLIS.format(TIME, BERLIN))
        .isEqualTo("Nov 21 2026 08:18:24.123");
    assertThat(CefTimeFormat.YEAR_TIME_MILLIS_ZONE.format(TIME, BERLIN))
        .isEqualTo("Nov 21 2026 08:18:24.123 GMT+01:00");
  }

  @Property
  void agrees_with_the_calendar_of_the_jdk(
      @ForAll @LongRange(max = 253_402_300_799_999L) long millis) {
    Instant time = Instant.ofEpochMilli(millis);
    var jdk =
        DateTimeFormatter.ofPattern("MMM dd yyyy HH:mm:ss.SSS", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    String text = CefTimeFormat.YEAR_TIME_MILLIS.format(time, ZoneOffset.UTC);

    assertThat(text).isEqualTo(jdk.format(time));
    assertThat(CefTimeFormat.parse(text, ZoneOffset.UTC, TIME)).isEqualTo(time);
  }

  @Test
  void reads_zones_of_every_kind() {
    for (String zone : new String[] {"UTC", "Z", "GMT", "GMT+00:00", "+0000", "+00:00"}) {
      assertThat(CefTimeFormat.parse("Nov 21 2026 07:18:24.123 " + zone, BERLIN, TIME))
          .isEqualTo(TIME);
    }
    assertThat(CefTimeFormat.parse("Nov 20 2026 23:18:24.123 PST", BERLIN, TIME)).isEqualTo(TIME);
    assertThat(CefTimeFormat.parse("Nov 21 2026 08:18:24.123 CET", ZoneOffset.UTC, TIME))
        .isEqualTo(TIME);
    assertThat(CefTimeFormat.parse("Nov 21 2026 08:18:24.123", BERLIN, TIME)).isEqualTo(TIME);
  }

  @ParameterizedTest
  @CsvSource({
    "EDT, -04:00",
    "EST, -05:00",
    "cdt, -05:00",
    "CST, -06:00",
    "PDT, -07:00",
    "CEST, +02:00",
    "BST, +01:00",
    "IST, +05:30",
    "MSK, +03:00",
    "AEDT, +11:00",
    "ACST, +09:30",
    "JST, +09:00",
    "WET, +00:00",
    "YEKT, +05:00"
  })
  void an_abbreviation_is_the_same_offset_in_summer_and_winter(String zone, String offset) {
    for (String date : new String[] {"Jan 15 2026", "Jul 15 2026"}) {
      assertThat(CefTimeFormat.parse(date + " 07:18:24 " + zone, BERLIN, TIME))
          .isEqualTo(CefTimeFormat.parse(date + " 07:18:24 " + offset, BERLIN, TIME));
    }
  }

  @Test
  void takes_the_latest_year_that_is_not_ahead_of_now() {
    Instant newYear = Instant.parse("2027-01-01T00:00:10Z");

    assertThat(CefTimeFormat.parse("Dec 31 23:59:50", ZoneOffset.UTC, newYear))
        .isEqualTo("2026-12-31T23:59:50Z");
    assertThat(CefTimeFormat.parse("Jan  1 00:00:05", ZoneOffset.UTC, newYear.minusSeconds(60)))
        .isEqualTo("2027-01-01T00:00:05Z");
    assertThat(CefTimeFormat.parse("Nov 23 07:18:24", ZoneOffset.UTC, TIME))
        .isEqualTo("2026-11-23T07:18:24Z");
    assertThat(CefTimeFormat.parse("Nov 23 07:18:25", ZoneOffset.UTC, TIME))
        .isEqualTo("2025-11-23T07:18:25Z");
    assertThat(CefTimeFormat.parse("Feb  2 07:18:24", ZoneOffset.UTC, TIME))
        .isEqualTo("2026-02-02T07:18:24Z");
    assertThat(CefTimeFormat.parse("Feb 29 07:18:24", ZoneOffset.UTC, TIME))
        .isEqualTo("2024-02-29T07:18:24Z");
  }

  @Test
  void says_why_a_text_is_no_time() {
    assertThatThrownBy(() -> CefTimeFormat.parse("soon", BERLIN, TIME))
        .hasMessageContaining("\"soon\"")
        .hasMessageContaining("MMM dd");
    assertThatThrownBy(() -> CefTimeFormat.parse("Foo 21 07:18:24", BERLIN, TIME))
        .hasMessageContaining("month");
    assertThatThrownBy(() -> CefTimeFormat.parse("Feb 30 2026 07:18:24", BERLIN, TIME))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CefTimeFormat.parse("Nov 21 2026 07:18:24 Nowhere/x", BERLIN, TIME))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
