package io.restpipe.cef;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;

/**
 * The zone that a time names. An abbreviation is an offset whatever the season: EDT is four hours
 * behind UTC in winter too, where a clock in New York shows EST.
 */
final class ZoneNames {

  private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("zzz", Locale.ENGLISH);

  // Those that Java knows as something else than the producers of events mean.
  private static final Map<String, ZoneOffset> OFFSETS =
      Map.of(
          "Z", ZoneOffset.UTC,
          "ACST", ZoneOffset.ofHoursMinutes(9, 30),
          "AST", ZoneOffset.ofHours(-4),
          "BST", ZoneOffset.ofHours(1),
          "CLT", ZoneOffset.ofHours(-4),
          "CST", ZoneOffset.ofHours(-6),
          "GST", ZoneOffset.ofHours(4),
          "IST", ZoneOffset.ofHoursMinutes(5, 30),
          "MSD", ZoneOffset.ofHours(4),
          "SST", ZoneOffset.ofHours(-11));

  private ZoneNames() {}

  /**
   * An offset, a region, or an abbreviation that Java knows.
   *
   * @throws DateTimeException if it is none of them
   */
  static ZoneId zone(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    ZoneOffset known = OFFSETS.get(upper);
    if (known != null) {
      return known;
    }
    if (upper.length() <= 5 && upper.chars().allMatch(c -> c >= 'A' && c <= 'Z')) {
      return abbreviation(upper);
    }
    return ZoneId.of(name);
  }

  private static ZoneId abbreviation(String name) {
    ZoneId region = NAME.parse(name, ZoneId::from);
    TimeZone zone = TimeZone.getTimeZone(region);
    boolean summer =
        name.equals(zone.getDisplayName(true, TimeZone.SHORT, Locale.ENGLISH))
            && !name.equals(zone.getDisplayName(false, TimeZone.SHORT, Locale.ENGLISH));
    Duration offset = Duration.ofMillis(zone.getRawOffset() + (summer ? zone.getDSTSavings() : 0));
    return ZoneOffset.ofTotalSeconds((int) offset.toSeconds());
  }
}
