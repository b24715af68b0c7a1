package io.restpipe.cef;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the six fields after the version, and has the extension read. Used once. */
final class HeaderReader {

  /** A severity, and then a key where the delimiter should be. */
  private static final Pattern UNDELIMITED_SEVERITY =
      Pattern.compile("([\\w-]{1,9})\\s++(?=[\\w.\\[\\]-]{1,255}=)");

  private static final Pattern KEY = Pattern.compile("\\s*+[\\w.\\[\\]-]{1,255}=");

  private final String line;
  private final boolean strict;
  private int at;
  private boolean cut;

  HeaderReader(String line, int start, boolean strict) {
    this.line = line;
    this.at = start;
    this.strict = strict;
  }

  CefEvent read() {
    String vendor = field("device vendor", "");
    String product = fieldUnlessCut("device product", "", 4);
    String version = fieldUnlessCut("device version", "", 3);
    String signature = fieldUnlessCut("signature", "=%#", 2);
    String name = fieldUnlessCut("name", "", 1);
    int severityStart = at;
    String text = severityText();
    if (vendor.isEmpty() && isSeverityNext(text)) {
      // Check Point may write an empty field before the vendor.
      vendor = product;
      product = version;
      version = signature;
      signature = name;
      name = text;
      text = severityText();
    }
    CefSeverity severity = severity(text, severityStart);
    var extensions = new ExtensionReader(line, at, strict).read();
    return new CefEvent(
        new CefDevice(vendor, product, version),
        Text.header(signature),
        Text.header(name),
        severity,
        extensions);
  }

  /** Whether what was read as the severity is none, and the field after it is one. */
  private boolean isSeverityNext(String severity) {
    int end = line.indexOf('|', at);
    return !strict
        && end >= 0
        && CefSeverity.find(severity).isEmpty()
        && CefSeverity.find(line.substring(at, end).strip()).isPresent();
  }

  private CefSeverity severity(String text, int start) {
    Optional<CefSeverity> severity = CefSeverity.find(text);
    if (severity.isEmpty() && strict) {
      throw new CefParseException(
          start, "severity \"" + text + "\": must be 0 to 10 or a word of the standard");
    }
    return severity.orElseGet(() -> CefSeverity.foreign(text));
  }

  /** A field; none from where the header is cut short, an extension standing in its place. */
  private String fieldUnlessCut(String field, String alsoEscaped, int delimiters) {
    cut |= !strict && !hasDelimiters(delimiters) && isKeyNext();
    return cut ? "" : field(field, alsoEscaped);
  }

  private boolean isKeyNext() {
    return !strict && KEY.matcher(line).region(at, line.length()).lookingAt();
  }

  private boolean hasDelimiters(int wanted) {
    int found = 0;
    for (int i = at; i < line.length() && found < wanted; i++) {
      char c = line.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '|') {
        found++;
      }
    }
    return found == wanted;
  }

  private String severityText() {
    if (isKeyNext()) {
      return "";
    }
    if (!strict) {
      Matcher severity = UNDELIMITED_SEVERITY.matcher(line).region(at, line.length());
      if (severity.lookingAt() && CefSeverity.find(severity.group(1)).isPresent()) {
        at = severity.end();
        return severity.group(1);
      }
    }
    if (!strict && line.indexOf('|', at) < 0) {
      String rest = line.substring(at);
      at = line.length();
      return Text.header(rest);
    }
    return Text.header(field("severity", ""));
  }

  /** A field up to its delimiter, and past it. */
  private String field(String field, String alsoEscaped) {
    var value = new StringBuilder();
    int start = at;
    while (at < line.length()) {
      char c = line.charAt(at);
      if (c == '|') {
        at++;
        return value.toString();
      }
      if (c == '\\') {
        escaped(value, alsoEscaped);
      } else {
        value.append(checked(c));
      }
      at++;
    }
    throw new CefParseException(start, "the line ends within the " + field + ": no \"|\" after it");
  }

  private void escaped(StringBuilder value, String alsoEscaped) {
    char next = at + 1 < line.length() ? line.charAt(at + 1) : '\0';
    if (next == '\\' || next == '|' || (next != '\0' && alsoEscaped.indexOf(next) >= 0)) {
      value.append(next);
      at++;
    } else if (strict) {
      throw new CefParseException(at, "a backslash in the header goes before \\ or | only");
    } else {
      value.append('\\');
    }
  }

  private char checked(char c) {
    if (strict && (c < ' ' || c == 0x7f)) {
      throw new CefParseException(at, "control character " + (int) c + " in the header");
    }
    return c;
  }
}
