package io.restpipe.cef;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The ways in which the standard writes a time: milliseconds since 1970, or a date with or without
 * year, milliseconds and zone. Month names are English. Prefer {@link #EPOCH_MILLIS}: nothing about
 * it can be misread.
 */
public enum CefTimeFormat {
  EPOCH_MILLIS("milliseconds since 1970", false, false, false),
  TIME("MMM dd HH:mm:ss", false, false, false),
  TIME_ZONE("MMM dd HH:mm:ss zzz", false, false, true),
  TIME_MILLIS("MMM dd HH:mm:ss.SSS", false, true, false),
  TIME_MILLIS_ZONE("MMM dd HH:mm:ss.SSS zzz", false, true, true),
  YEAR_TIME("MMM dd yyyy HH:mm:ss", true, false, false),
  YEAR_TIME_ZONE("MMM dd yyyy HH:mm:ss zzz", true, false, true),
  YEAR_TIME_MILLIS("MMM dd yyyy HH:mm:ss.SSS", true, true, false),
  YEAR_TIME_MILLIS_ZONE("MMM dd yyyy HH:mm:ss.SSS zzz", true, true, true);

  /** Times before this one can be written. */
  static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

  /** The longest of them: {@code Nov 21 2026 07:18:24.123 GMT+02:00}. */
  static final int MAX_LENGTH = 34;

  private final String pattern;
  private final boolean year;
  private final boolean millis;
  private final boolean zone;

  CefTimeFormat(String pattern, boolean year, boolean millis, boolean zone) {
    this.pattern = pattern;
    this.year = year;
    this.millis = millis;
    this.zone = zone;
  }

  /** The form in the standard's own letters. */
  public String pattern() {
    return pattern;
  }

  /** The time in this form; a zone is written {@code UTC}, or {@code GMT+02:00}. */
  public String format(Instant time, ZoneId at) {
    if (this == EPOCH_MILLIS) {
      return Long.toString(time.toEpochMilli());
    }
    byte[] text = new byte[MAX_LENGTH];
    int length = write(time.toEpochMilli(), at.getRules().getOffset(time), text, 0);
    return Bytes.ascii(text, length);
  }

  /**
   * Reads any of the forms.
   *
   * @param at the zone of a text that names none
   * @param now a text without a year is the latest before this time, or at most two days after it
   * @throws IllegalArgumentException if the text has none of the forms
   */
  public static Instant parse(String text, ZoneId at, Instant now) {
    return new TimeReader(text).read(at, now);
  }

  /** Writes a date form; the caller has room for {@link #MAX_LENGTH} bytes. */
  int write(long epochMillis, ZoneOffset offset, byte[] out, int start) {
    long local = epochMillis + offset.getTotalSeconds() * 1000L;
    long days = Math.floorDiv(local, Calendar.DAY);
    int rest = Math.floorMod(local, Calendar.DAY);
    int at = Calendar.writeMonthAndDay(days, out, start);
    if (year) {
      out[at++] = ' ';
      at = Bytes.digits(Calendar.year(days), 4, out, at);
    }
    out[at++] = ' ';
    at = Calendar.writeTime(rest, out, at);
    if (millis) {
      out[at++] = '.';
      at = Bytes.digits(rest % 1000, 3, out, at);
    }
    return zone ? writeZone(offset, out, at) : at;
  }

  /** How many bytes {@link #write} writes. */
  int length(ZoneOffset offset) {
    int length = "MMM dd HH:mm:ss".length() + (year ? " yyyy".length() : 0);
    length += millis ? ".SSS".length() : 0;
    return zone ? length + (isUtc(offset) ? " UTC" : " GMT+00:00").length() : length;
  }

  private static boolean isUtc(ZoneOffset offset) {
    return offset.getTotalSeconds() == 0;
  }

  private static int writeZone(ZoneOffset offset, byte[] out, int start) {
    if (isUtc(offset)) {
      return Bytes.ascii(" UTC", out, start);
    }
    int seconds = offset.getTotalSeconds();
    int minutes = Math.abs(seconds) / 60;
    int at = Bytes.ascii(seconds < 0 ? " GMT-" : " GMT+", out, start);
    at = Bytes.digits(minutes / 60, 2, out, at);
    out[at++] = ':';
    return Bytes.digits(minutes % 60, 2, out, at);
  }
}
