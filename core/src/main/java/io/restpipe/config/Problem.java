package io.restpipe.config;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong in a configuration.
 *
 * @param key whose value it is; empty where it is about no key
 * @param origin where it is
 * @param found the value as it was written, secrets redacted; null where there is none
 * @param expected what would be right, beginning with "must be"; or another sentence with remedy
 */
public record Problem(String key, Origin origin, @Nullable String found, String expected) {

  private static final int LONGEST = 200;

  /** About a place, not a value. */
  static Problem at(Origin origin, String sentence) {
    return new Problem("", origin, null, sentence);
  }

  /**
   * For example {@code RP_SERVER_BIND_PORT = 80800: must be 0 to 65535}, or {@code server.bind_port
   * = 80800 (server.ini:12): must be 0 to 65535}.
   */
  @Override
  public String toString() {
    if (key.isEmpty()) {
      return printable(origin.toString()) + ": " + expected;
    }
    boolean named = origin instanceof Origin.Variable || origin instanceof Origin.Flag;
    boolean nowhere = origin instanceof Origin.Default;
    return (named ? origin.toString() : printable(key))
        + (found == null ? "" : " = " + printable(found))
        + (named || nowhere ? "" : " (" + printable(origin.toString()) + ")")
        + ": "
        + expected;
  }

  /** A value on one line, so that it cannot pretend to be another message. */
  static String printable(String value) {
    var line = new StringBuilder(value.isEmpty() ? "(empty)" : "");
    value
        .codePoints()
        .limit(LONGEST)
        .forEach(point -> line.appendCodePoint(isPrintable(point) ? point : '\uFFFD'));
    return line + (value.codePointCount(0, value.length()) > LONGEST ? "..." : "");
  }

  private static boolean isPrintable(int point) {
    int type = Character.getType(point);
    return !Character.isISOControl(point)
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR
        && type != Character.SURROGATE;
  }
}
