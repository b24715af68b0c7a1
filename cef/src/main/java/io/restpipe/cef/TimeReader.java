package io.restpipe.cef;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a time in any of the forms of {@link CefTimeFormat}. */
final class TimeReader {

  private static final Pattern MILLIS = Pattern.compile("\\d{1,15}");
  private static final Pattern DATE =
      Pattern.compile(
          "(?<month>\\p{Alpha}{3})\\s+(?<day>\\d{1,2})(?:\\s+(?<year>\\d{4}))?"
              + "\\s+(?<hour>\\d{1,2}):(?<minute>\\d{2}):(?<second>\\d{2})"
              + "(?:\\.(?<fraction>\\d{1,9}))?(?:\\s+(?<zone>\\S+))?");
  private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
  private static final int NANO_DIGITS = 9;

  // Of an event that has happened: clocks go wrong, and the zone may be another by 26 hours.
  private static final Duration AHEAD = Duration.ofDays(2);
  private static final int LEAP_YEARS_APART = 8;

  private final String text;

  TimeReader(String text) {
    this.text = text.strip();
  }

  Instant read(ZoneId at, Instant now) {
    if (MILLIS.matcher(text).matches()) {
      return Instant.ofEpochMilli(Long.parseLong(text));
    }
    Matcher date = DATE.matcher(text);
    if (!date.matches()) {
      throw wrong("must be milliseconds since 1970 or MMM dd [yyyy] HH:mm:ss[.SSS] [zzz]", null);
    }
    try {
      String zone = date.group("zone");
      return read(date, zone == null ? at : ZoneNames.zone(zone), now);
    } catch (DateTimeException e) {
      throw wrong("no such time", e);
    }
  }

  private Instant read(Matcher date, ZoneId at, Instant now) {
    String year = date.group("year");
    if (year != null) {
      return local(date, Integer.parseInt(year)).atZone(at).toInstant();
    }
    Instant latest = now.plus(AHEAD);
    int thisYear = now.atZone(at).getYear();
    for (int candidate = thisYear + 1; candidate >= thisYear - LEAP_YEARS_APART; candidate--) {
      boolean possible =
          !"29".equals(date.group("day")) || month(date) != 2 || Year.isLeap(candidate);
      if (possible) {
        Instant time = local(date, candidate).atZone(at).toInstant();
        if (!time.isAfter(latest)) {
          return time;
        }
      }
    }
    throw wrong("no year before now has that day", null);
  }

  private LocalDateTime local(Matcher date, int year) {
    String fraction = date.group("fraction");
    int nanos =
        fraction == null
            ? 0
            : Integer.parseInt(fraction + "0".repeat(NANO_DIGITS - fraction.length()));
    return LocalDateTime.of(
            year,
            month(date),
            Integer.parseInt(date.group("day")),
            Integer.parseInt(date.group("hour")),
            Integer.parseInt(date.group("minute")),
            Integer.parseInt(date.group("second")),
            nanos)
        .truncatedTo(ChronoUnit.MILLIS);
  }

  private int month(Matcher date) {
    int at = MONTHS.indexOf(date.group("month").toLowerCase(Locale.ROOT));
    if (at < 0 || at % 3 != 0) {
      throw wrong("no such month", null);
    }
    return at / 3 + 1;
  }

  private IllegalArgumentException wrong(String rule, @Nullable Exception cause) {
    return new IllegalArgumentException("time \"" + Text.header(text) + "\": " + rule, cause);
  }
}
