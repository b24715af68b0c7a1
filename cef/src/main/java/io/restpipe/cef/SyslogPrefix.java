package io.restpipe.cef;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What syslog put before an event: the header of RFC 3164 or RFC 5424, one that the lenient parser
 * takes for such a header, or something else.
 */
public final class SyslogPrefix {

  private static final int MAX_LENGTH = 2048;
  private static final int MAX_PRIORITY = 191;

  // How many bytes follow, where the line was cut out of a stream with octet counting (RFC 6587).
  private static final String COUNT = "(?:\\d{1,7} (?=<))?";

  // Some producers write the days before the tenth without the second blank.
  private static final String BSD =
      "[A-Z][a-z]{2} [ \\d]?\\d(?: \\d{4})? \\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?";
  private static final String ISO = "\\d{4}-\\d\\d-\\d\\dT\\S{1,24}";
  private static final String DATE = "(?<time>" + BSD + "|" + ISO + ")";
  private static final Pattern RFC_3164 =
      Pattern.compile(
          COUNT
              + "(?:<(?<priority>\\d{1,3})> ?)?(?:"
              + DATE
              + " (?<host>\\S{1,255}) )?(?:(?<app>[^\\s:\\[]{1,64})(?:\\[(?<process>\\w{1,64})])?: ?)?");
  private static final Pattern RFC_5424 =
      Pattern.compile(
          COUNT
              + "<(?<priority>\\d{1,3})>1 (?<time>\\S{1,40}) (?<host>\\S{1,255}) (?<app>\\S{1,48})"
              + " (?<process>\\S{1,128}) (?<message>\\S{1,32}) (?<data>-|\\[.*]) \uFEFF?");

  // With its structured data read by the rules, for an event may be quoted in there.
  private static final Pattern RFC_5424_START =
      Pattern.compile(
          COUNT
              + "<\\d{1,3}>1 \\S{1,40} \\S{1,255} \\S{1,48} \\S{1,128} \\S{1,32} "
              + "(?:-|(?:\\[[^\\s=\\]\"]{1,32}"
              + "(?: [^\\s=\\]\"]{1,32}=\"(?:[^\"\\\\]|\\\\.)*+\")*+])++) ");

  // As devices write them: with the version of RFC 5424 and no more of it than time and host, with
  // a
  // zone, without host, without the colon of the tag.
  private static final Pattern LOOSE_3164 =
      Pattern.compile(
          COUNT
              + "(?:<(?<priority>\\d{1,3})>\\s?)?(?:1 )?(?<time>"
              + BSD
              + "(?: (?:UTC|[A-Z]{1,4}T))?|"
              + ISO
              + ")(?: (?<host>\\S{1,255}))?"
              + "(?: (?<app>[^\\s:\\[]{1,64})(?:\\[(?<process>[\\w-]{1,64})])?(?: -)?:?)? ?");

  // Without version, priority or structured data.
  private static final Pattern LOOSE_5424 =
      Pattern.compile(
          COUNT
              + "(?:<(?<priority>\\d{1,3})>)?(?:1 )?(?<time>"
              + ISO
              + ") (?<host>\\S{1,255}) (?<app>\\S{1,48})"
              + " (?<process>\\S{1,128}) (?<message>\\S{1,32}) (?:(?<data>-|\\[.*]) )?\uFEFF?");

  private final String text;
  private final @Nullable Matcher fields;
  private final boolean rfc5424;

  private SyslogPrefix(String text, @Nullable Matcher fields, boolean rfc5424) {
    this.text = text;
    this.fields = fields;
    this.rfc5424 = rfc5424;
  }

  /** The header of an RFC; unless strict, one that comes near to it, too. */
  static SyslogPrefix of(String text, boolean strict) {
    if (text.length() > MAX_LENGTH) {
      return new SyslogPrefix(text, null, false);
    }
    Matcher newer = match(RFC_5424, text);
    if (newer != null) {
      return new SyslogPrefix(text, newer, true);
    }
    Matcher older = match(RFC_3164, text);
    return older != null || strict ? new SyslogPrefix(text, older, false) : loose(text);
  }

  private static SyslogPrefix loose(String text) {
    Matcher fields = match(LOOSE_3164, text);
    if (fields == null) {
      fields = match(LOOSE_5424, text);
    }
    if (fields == null && text.lastIndexOf('<') > 0) {
      // A relay put a header of its own before the one of the device, which says more.
      SyslogPrefix inner = of(text.substring(text.lastIndexOf('<')), false);
      return new SyslogPrefix(text, inner.fields, inner.rfc5424);
    }
    return new SyslogPrefix(text, fields, false);
  }

  private static @Nullable Matcher match(Pattern form, String text) {
    Matcher fields = form.matcher(text);
    return fields.matches() && hasPriority(fields) ? fields : null;
  }

  /** Where a header of RFC 5424 ends, 0 if the line begins with none. */
  static int endOfRfc5424(String line) {
    if (line.isEmpty() || "<0123456789".indexOf(line.charAt(0)) < 0) {
      return 0;
    }
    Matcher header = RFC_5424_START.matcher(line).region(0, Math.min(line.length(), MAX_LENGTH));
    return header.lookingAt() ? header.end() : 0;
  }

  private static boolean hasPriority(Matcher fields) {
    String priority = fields.group("priority");
    return priority == null || Integer.parseInt(priority) <= MAX_PRIORITY;
  }

  /** Whether it is a header of syslog; if not, only {@link #text} says something. */
  public boolean isSyslog() {
    return fields != null;
  }

  /** Whether it is the header of RFC 5424. */
  public boolean isRfc5424() {
    return rfc5424;
  }

  /** Facility times eight plus severity. */
  public OptionalInt priority() {
    String priority = fields == null ? null : fields.group("priority");
    return priority == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(priority));
  }

  /**
   * When syslog had the event.
   *
   * @param at the zone of a time that names none, as those of RFC 3164
   * @param now a time without year is the latest before this, or at most two days after it
   */
  public Optional<Instant> time(ZoneId at, Instant now) {
    return field("time").flatMap(time -> read(time, at, now));
  }

  private static Optional<Instant> read(String time, ZoneId at, Instant now) {
    try {
      return Optional.of(ForeignTime.read(time, at, now));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  public Optional<String> host() {
    return field("host");
  }

  /** The application of RFC 5424, the tag of RFC 3164. */
  public Optional<String> application() {
    return field("app");
  }

  public Optional<String> processId() {
    return field("process");
  }

  private Optional<String> field(String name) {
    return fields == null
        ? Optional.empty()
        : Optional.ofNullable(fields.group(name)).filter(value -> !value.equals("-"));
  }

  /** All of it, as it was. */
  public String text() {
    return text;
  }

  @Override
  public String toString() {
    return Text.header(text);
  }
}
