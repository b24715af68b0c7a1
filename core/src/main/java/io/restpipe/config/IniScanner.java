package io.restpipe.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds sections and entries in the lines of an INI file, and says which lines are neither. */
final class IniScanner {

  private final Sink sink;
  private @Nullable String section;
  private @Nullable Entry entry;

  /** Whether a section or a key came before: then a line with an indent must continue a value. */
  private boolean started;

  private IniScanner(Sink sink) {
    this.sink = sink;
  }

  /** What is found, in its order. Lines count from 1. */
  interface Sink {
    void section(String name, int line);

    void entry(Entry entry);

    void problem(int line, String sentence);
  }

  /** One key with its value: where it begins, and the lines that continue it. */
  static final class Entry {

    private final String section;
    private final String key;
    private final int line;
    private final StringBuilder value;
    private final List<Integer> continuations = new ArrayList<>(0);

    private Entry(String section, String key, String value, int line) {
      this.section = section;
      this.key = key;
      this.line = line;
      this.value = new StringBuilder(value);
    }

    String section() {
      return section;
    }

    /** In lower case. */
    String key() {
      return key;
    }

    int line() {
      return line;
    }

    List<Integer> continuations() {
      return continuations;
    }

    /** As it is written; continued ones with line breaks. */
    String value() {
      return value.toString();
    }

    private void add(String text, int at) {
      value.append('\n').append(text);
      continuations.add(at);
    }
  }

  /** The lines of a text with what ends them: CR LF, LF or CR. */
  static List<String> lines(String text) {
    var lines = new ArrayList<String>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean crLf = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
      if (c == '\n' || (c == '\r' && !crLf)) {
        lines.add(text.substring(start, i + 1));
        start = i + 1;
      }
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return lines;
  }

  static void scan(List<String> lines, Sink sink) {
    var scanner = new IniScanner(sink);
    for (int i = 0; i < lines.size(); i++) {
      scanner.line(lines.get(i), i + 1);
    }
    scanner.endEntry();
  }

  private void line(String line, int at) {
    String text = line.strip();
    if (text.isEmpty() || isComment(line)) {
      return;
    }
    if (Character.isWhitespace(line.codePointAt(0))) {
      continuation(text, at);
    } else if (text.startsWith("[")) {
      header(text, at);
    } else {
      entry(text, at);
    }
  }

  /** Only where it begins the line: with an indent it belongs to the value. */
  private static boolean isComment(String line) {
    return line.startsWith("#") || line.startsWith(";");
  }

  private void continuation(String text, int at) {
    if (entry != null) {
      entry.add(text, at);
    } else if (!isComment(text) && (section != null || !started)) {
      sink.problem(at, "continues no value: remove the white space before it");
    }
  }

  private void header(String text, int at) {
    endEntry();
    started = true;
    int end = text.indexOf(']');
    String name = end < 0 ? "" : text.substring(1, end).strip();
    String rest = end < 0 ? "" : text.substring(end + 1).strip();
    if (name.isEmpty() || hasControl(name) || !(rest.isEmpty() || isComment(rest))) {
      section = null;
      sink.problem(at, "must be a section such as [server], with nothing after it");
      return;
    }
    section = name;
    sink.section(name, at);
  }

  private void entry(String text, int at) {
    endEntry();
    int delimiter = delimiter(text);
    String key = delimiter < 0 ? "" : text.substring(0, delimiter).strip();
    if (key.isEmpty() || hasControl(key)) {
      sink.problem(at, "must be a key and its value, KEY = VALUE, or a [section]");
    } else if (section == null) {
      if (!started) {
        sink.problem(at, "stands in no section: put a line such as [server] before it");
      }
    } else {
      String value = text.substring(delimiter + 1).strip();
      entry = new Entry(section, key.toLowerCase(Locale.ROOT), value, at);
      return;
    }
    started = true;
  }

  /** Where the key ends; below 0 if it does not. */
  static int delimiter(String text) {
    int equals = text.indexOf('=');
    int colon = text.indexOf(':');
    return equals < 0 || colon < 0 ? Math.max(equals, colon) : Math.min(equals, colon);
  }

  static boolean hasControl(String name) {
    return name.codePoints().anyMatch(Character::isISOControl);
  }

  private void endEntry() {
    if (entry != null) {
      sink.entry(entry);
      entry = null;
    }
  }
}
