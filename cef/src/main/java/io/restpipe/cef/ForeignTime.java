package io.restpipe.cef;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads times as other producers write them: in a form of the standard, in one of ISO 8601 ({@code
 * 2026-11-21T07:18:24.123Z}, with a blank for the T, without fraction, seconds or zone), or as C's
 * {@code asctime} does ({@code Sat Nov 21 07:18:24 2026}).
 */
final class ForeignTime {

  private static final Pattern ISO =
      Pattern.compile(
          "(?<date>\\d{4}-\\d\\d-\\d\\d)[T ](?<time>\\d\\d:\\d\\d(?::\\d\\d)?)"
              + "(?:[.,](?<fraction>\\d{1,9}))?\\s?(?<zone>[A-Za-z+-]\\S*)?");
  private static final Pattern ASCTIME =
      Pattern.compile(
          "\\p{Alpha}{3}\\s+(?<day>\\p{Alpha}{3}\\s+\\d{1,2})\\s+(?<time>\\d\\d:\\d\\d:\\d\\d)"
              + "\\s+(?<year>\\d{4})");

  private ForeignTime() {}

  /**
   * Reads a time.
   *
   * @param at the zone of a text that names none
   * @param now a text without a year is the latest before this time, or at most two days after it
   * @throws IllegalArgumentException if the text has none of the forms, or there is no such time
   */
  static Instant read(String text, ZoneId at, Instant now) {
    Matcher iso = ISO.matcher(text);
    if (iso.matches()) {
      return iso(text, iso, at);
    }
    Matcher asctime = ASCTIME.matcher(text);
    return CefTimeFormat.parse(
        asctime.matches()
            ? asctime.group("day") + " " + asctime.group("year") + " " + asctime.group("time")
            : text,
        at,
        now);
  }

  private static Instant iso(String text, Matcher parts, ZoneId at) {
    String fraction = parts.group("fraction");
    String zone = parts.group("zone");
    String time = parts.group("time") + (fraction == null ? "" : "." + fraction);
    try {
      return LocalDateTime.parse(parts.group("date") + "T" + time)
          .atZone(zone == null ? at : ZoneNames.zone(zone))
          .toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("time \"" + Text.header(text) + "\": no such time", e);
    }
  }
}
