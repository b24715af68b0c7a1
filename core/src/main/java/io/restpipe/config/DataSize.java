package io.restpipe.config;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes, written {@code 16KiB}, {@code 4MB} or {@code 512}. */
public record DataSize(long bytes) implements Comparable<DataSize> {

  private static final Pattern FORM =
      Pattern.compile("(\\d{1,19}(?:\\.\\d{1,9})?) ?([kKMGT]i?B|B|)");

  private static final Map<String, Long> UNITS =
      Map.ofEntries(
          Map.entry("", 1L),
          Map.entry("B", 1L),
          Map.entry("kB", 1_000L),
          Map.entry("KB", 1_000L),
          Map.entry("MB", 1_000_000L),
          Map.entry("GB", 1_000_000_000L),
          Map.entry("TB", 1_000_000_000_000L),
          Map.entry("KiB", 1L << 10),
          Map.entry("kiB", 1L << 10),
          Map.entry("MiB", 1L << 20),
          Map.entry("GiB", 1L << 30),
          Map.entry("TiB", 1L << 40));

  public DataSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes < 0: " + bytes);
    }
  }

  /**
   * Reads a size: a number and B, kB, MB, GB, TB (thousands) or KiB, MiB, GiB, TiB (1,024s);
   * without a unit, bytes.
   *
   * @throws IllegalArgumentException that says what would be right
   */
  public static DataSize parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      long unit = UNITS.getOrDefault(matcher.group(2), 1L);
      try {
        return new DataSize(
            new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)).longValueExact());
      } catch (ArithmeticException notWholeOrTooLarge) {
        // Said below, as for any other text.
      }
    }
    throw new IllegalArgumentException("must be a size in whole bytes such as 512, 16KiB or 4MB");
  }

  @Override
  public int compareTo(DataSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /** With the largest unit of 1,024s that it is a whole number of. */
  @Override
  public String toString() {
    String[] units = {"TiB", "GiB", "MiB", "KiB"};
    for (int i = 0; i < units.length; i++) {
      int shift = 10 * (units.length - i);
      if (bytes != 0 && bytes % (1L << shift) == 0) {
        return (bytes >> shift) + units[i];
      }
    }
    return bytes + "B";
  }
}
