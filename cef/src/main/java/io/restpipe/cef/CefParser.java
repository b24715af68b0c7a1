package io.restpipe.cef;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads events. Immutable; any number of threads may share one. Time taken grows with the length of
 * the line and nothing else.
 *
 * <p>The strict parser takes what the standard allows and says where a line leaves it. The lenient
 * one reads what producers are known to write:
 *
 * <ul>
 *   <li>an equals sign that is not escaped belongs to the value unless a key and a blank are before
 *       it;
 *   <li>a backslash before anything else than the standard names is a backslash;
 *   <li>the delimiter after the severity may be missing, and the severity be any text; the version
 *       may have a dot, as in {@code CEF:0.1}, and quotes may stand around the line;
 *   <li>of a key that comes twice the last value counts; text before the first key becomes {@code
 *       msg};
 *   <li>a tab or a line break before a key counts as a blank; elsewhere they and control characters
 *       may stand in values; the event has them cleaned;
 *   <li>an empty field may stand before the vendor, and fields after it be missing where a key
 *       follows at once;
 *   <li>anything may stand before {@code CEF:}, and headers that come near to those of syslog are
 *       read; bytes that are not UTF-8 become U+FFFD.
 * </ul>
 *
 * <p>Both keep blanks at the end of a value except the last one, as the standard wants, and any key
 * made of letters, digits and {@code _ . - [ ]}.
 */
public final class CefParser {

  private static final CefParser STRICT = new CefParser(true);
  private static final CefParser LENIENT = new CefParser(false);

  private static final Pattern START = Pattern.compile("CEF:(?<version>\\d{1,4})\\|");
  private static final Pattern LENIENT_START =
      Pattern.compile("CEF:\\s?(?<version>\\d{1,4})(?:\\.\\d{1,4})?\\s?\\|");

  private static final Pattern QUOTED = Pattern.compile("\".*\"\\s*", Pattern.DOTALL);

  private final boolean strict;

  private CefParser(boolean strict) {
    this.strict = strict;
  }

  public static CefParser strict() {
    return STRICT;
  }

  public static CefParser lenient() {
    return LENIENT;
  }

  /**
   * Reads the event of a line.
   *
   * @throws CefParseException if there is none
   */
  public CefEvent parse(String line) {
    return parseLine(line).event();
  }

  /**
   * Reads a line with what stands before its event.
   *
   * @throws CefParseException if there is no event in it
   */
  public CefLine parseLine(String line) {
    boolean quoted = !strict && line.startsWith("\"") && QUOTED.matcher(line).matches();
    String text = quoted ? line.substring(0, line.lastIndexOf('"')) : line;
    Matcher start = (strict ? START : LENIENT_START).matcher(text);
    if (!start.find(SyslogPrefix.endOfRfc5424(text))) {
      throw new CefParseException(0, "no \"CEF:\", version and \"|\"");
    }
    var header = new HeaderReader(text, start.end(), strict);
    CefEvent event = header.read();
    int version = Integer.parseInt(start.group("version"));
    return new CefLine(prefix(text, quoted ? 1 : 0, start.start()), version, event);
  }

  private @Nullable SyslogPrefix prefix(String line, int begin, int end) {
    if (begin == end) {
      return null;
    }
    SyslogPrefix prefix = SyslogPrefix.of(line.substring(begin, end), strict);
    if (strict && !prefix.isSyslog()) {
      throw new CefParseException(0, "what stands before \"CEF:\" is no header of syslog");
    }
    return prefix;
  }

  /**
   * Reads a line of UTF-8.
   *
   * @throws CefParseException if there is no event in it
   */
  public CefLine parseLine(byte[] line) {
    if (!strict) {
      return parseLine(new String(line, StandardCharsets.UTF_8));
    }
    try {
      return parseLine(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString());
    } catch (CharacterCodingException e) {
      throw new CefParseException(0, "the line is not UTF-8");
    }
  }
}
