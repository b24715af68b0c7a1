package io.restpipe.config;

/**
 * One thing that is wrong with a setting.
 *
 * @param setting whose value it is
 * @param origin where the value came from
 * @param found the value as it was written
 * @param expected what would be right, beginning with "must be"; or another sentence with remedy
 */
public record Problem(Setting<?> setting, Origin origin, String found, String expected) {

  /** For example {@code RP_SERVER_BIND_PORT = 80800: must be 0 to 65535}. */
  @Override
  public String toString() {
    String place = origin instanceof Origin.Default ? setting.key() : origin.toString();
    return place + " = " + printable(found) + ": " + expected;
  }

  /** A value on one line, so that it cannot pretend to be another message. */
  private static String printable(String value) {
    var line = new StringBuilder(value.isEmpty() ? "(empty)" : "");
    value
        .codePoints()
        .forEach(point -> line.appendCodePoint(Character.isISOControl(point) ? '\uFFFD' : point));
    return line.toString();
  }
}
