package io.restpipe.config;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An INI file to be changed: comments, blank lines and the order stay as they are. What is written
 * is read back the same. Not for more than one thread.
 */
public final class IniDocument {

  private final Path file;
  private final List<String> lines;
  private final String lineEnd;

  private IniDocument(Path file, String text) {
    this.file = file;
    this.lines = IniScanner.lines(text);
    this.lineEnd = !lines.isEmpty() && lines.get(0).endsWith("\r\n") ? "\r\n" : "\n";
    index();
  }

  /**
   * Reads a file; one that is not there is an empty one.
   *
   * @throws ConfigException if it cannot be read, or there is a line in it that is no INI
   */
  public static IniDocument open(Path file) {
    try {
      return new IniDocument(file, ConfigFile.read(file));
    } catch (NoSuchFileException missing) {
      return new IniDocument(file, "");
    } catch (IOException | SecurityException unreadable) {
      throw new ConfigException(
          Problem.at(new Origin.File(file, 0), "cannot be read: " + ConfigFile.reason(unreadable)),
          unreadable);
    }
  }

  /** A text, to be saved in that file. */
  public static IniDocument of(Path file, String text) {
    return new IniDocument(file, text);
  }

  /** Where everything is. Lines count from 1. */
  private final class Index implements IniScanner.Sink {

    private final List<IniScanner.Entry> entries = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> sections = new ArrayList<>();
    private final List<Integer> sectionLines = new ArrayList<>();

    @Override
    public void section(String name, int line) {
      sections.add(name);
      sectionLines.add(line);
    }

    @Override
    public void entry(IniScanner.Entry entry) {
      entries.add(entry);
    }

    @Override
    public void problem(int line, String sentence) {
      problems.add(Problem.at(new Origin.File(file, line), sentence));
    }

    /** The last line of a section that has something in it; 0 if there is no such section. */
    int end(String section) {
      int end = 0;
      for (int i = 0; i < sections.size(); i++) {
        end = sections.get(i).equalsIgnoreCase(section) ? sectionLines.get(i) : end;
      }
      for (IniScanner.Entry entry : entries) {
        end = entry.section().equalsIgnoreCase(section) ? Math.max(end, lastLine(entry)) : end;
      }
      return end;
    }
  }

  private static int lastLine(IniScanner.Entry entry) {
    List<Integer> continuations = entry.continuations();
    return continuations.isEmpty() ? entry.line() : continuations.get(continuations.size() - 1);
  }

  private Index index() {
    var index = new Index();
    IniScanner.scan(lines, index);
    if (!index.problems.isEmpty()) {
      throw new ConfigException(index.problems);
    }
    return index;
  }

  /** The value of a key as it is written, the last one if there are several. */
  public Optional<String> find(String section, String key) {
    return Optional.ofNullable(entry(section, key)).map(IniScanner.Entry::value);
  }

  private IniScanner.@Nullable Entry entry(String section, String key) {
    IniScanner.Entry found = null;
    for (IniScanner.Entry entry : index().entries) {
      found = is(entry, section, key) ? entry : found;
    }
    return found;
  }

  private static boolean is(IniScanner.Entry entry, String section, String key) {
    return entry.section().equalsIgnoreCase(section) && entry.key().equalsIgnoreCase(key);
  }

  /**
   * Sets a value: a text, a number, a boolean, whatever its text says all of, or a list of those.
   * An empty list is written as an empty value. A new key comes at the end of its section, a new
   * section at the end of the file.
   *
   * @throws IllegalArgumentException if it cannot be written so that it is read back the same
   */
  public IniDocument set(String section, String key, Object value) {
    IniWriter.checkSection(section);
    IniWriter.checkKey(key);
    List<String> written = IniWriter.lines(value);
    IniScanner.Entry entry = entry(section, key);
    if (entry == null) {
      add(section, key.toLowerCase(Locale.ROOT), written);
    } else {
      replace(entry, written);
    }
    return this;
  }

  private void replace(IniScanner.Entry entry, List<String> written) {
    removeContinuations(entry);
    String line = lines.get(entry.line() - 1);
    insert(entry.line() - 1, rendered(head(line), written), lines.remove(entry.line() - 1));
  }

  /** All before the value, with the space that stands there; one, if there is no value. */
  private static String head(String line) {
    int delimiter = IniScanner.delimiter(line);
    String rest = line.substring(delimiter + 1);
    String gap =
        rest.isBlank() ? " " : rest.substring(0, rest.length() - rest.stripLeading().length());
    return line.substring(0, delimiter + 1) + gap;
  }

  private void removeContinuations(IniScanner.Entry entry) {
    List<Integer> continuations = entry.continuations();
    for (int i = continuations.size() - 1; i >= 0; i--) {
      lines.remove(continuations.get(i) - 1);
    }
  }

  private void add(String section, String key, List<String> written) {
    int end = index().end(section);
    if (end == 0) {
      endLastLine();
      if (!lines.isEmpty()) {
        lines.add(lineEnd);
      }
      lines.add("[" + section + "]" + lineEnd);
      end = lines.size();
    }
    if (end == lines.size()) {
      endLastLine();
    }
    insert(end, rendered(key + " = ", written), lineEnd);
  }

  private List<String> rendered(String head, List<String> written) {
    var rendered = new ArrayList<String>();
    rendered.add((head + written.get(0)).stripTrailing());
    written.stream().skip(1).forEach(item -> rendered.add("    " + item));
    return rendered;
  }

  /** The last of the new lines ends as the one before did; the file may end without a line end. */
  private void insert(int at, List<String> rendered, String before) {
    boolean ended = before.endsWith("\n") || before.endsWith("\r");
    for (int i = 0; i < rendered.size(); i++) {
      boolean last = i == rendered.size() - 1 && at + i == lines.size();
      lines.add(at + i, rendered.get(i) + (last && !ended ? "" : lineEnd));
    }
  }

  private void endLastLine() {
    int last = lines.size() - 1;
    if (last >= 0 && !lines.get(last).endsWith("\n") && !lines.get(last).endsWith("\r")) {
      lines.set(last, lines.get(last) + lineEnd);
    }
  }

  /** Takes a key out, each time that it is there. */
  public IniDocument remove(String section, String key) {
    List<IniScanner.Entry> entries = index().entries;
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (is(entries.get(i), section, key)) {
        removeContinuations(entries.get(i));
        lines.remove(entries.get(i).line() - 1);
      }
    }
    return this;
  }

  /**
   * Writes the file whole or not at all: first under another name in the same folder, forced to
   * disk, then renamed. Who may read it stays as it was.
   *
   * @throws ConfigException if it cannot be written
   */
  public void save() {
    try {
      ConfigFile.write(file, toString());
    } catch (IOException | SecurityException failed) {
      throw new ConfigException(
          Problem.at(new Origin.File(file, 0), "cannot be written: " + ConfigFile.reason(failed)),
          failed);
    }
  }

  /** The text of the file. */
  @Override
  public String toString() {
    return String.join("", lines);
  }
}
