package io.restpipe.config;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** One reading of all sources: the files that were opened, and what is wrong in them. */
final class Loading {

  private static final int MOST_FILES = 200;

  private final Variables variables;
  private final List<Problem> problems = new ArrayList<>();
  private final Set<Path> files = new LinkedHashSet<>();
  private final List<Path> open = new ArrayList<>();
  private int opened;

  Loading(Map<String, String> environment) {
    this.variables = Variables.of(environment);
  }

  Variables variables() {
    return variables;
  }

  List<Problem> problems() {
    return problems;
  }

  /** All that were looked for, found or not. */
  Set<Path> files() {
    return Collections.unmodifiableSet(files);
  }

  void problem(Problem problem) {
    problems.add(problem);
  }

  /** Nothing, of a file that may be there one day. */
  Layer missing(Path file) {
    files.add(file.toAbsolutePath().normalize());
    return new Layer();
  }

  /** Reads a file whose name stands in some value. */
  Layer fileNamed(String name, Problem named) {
    try {
      return file(Path.of(name), named);
    } catch (InvalidPathException invalid) {
      problem(saying(named, "must be a path: " + invalid.getReason()));
      return new Layer();
    }
  }

  /** Reads a file; INI, unless its name ends in .json or .properties. */
  Layer file(Path file, Problem named) {
    Path real = real(file);
    files.add(file.toAbsolutePath().normalize());
    if (open.contains(real)) {
      problem(saying(named, "extends itself: " + cycle(real) + ". Take one of them out"));
      return new Layer();
    }
    if (++opened > MOST_FILES) {
      problem(saying(named, "must not be more than " + MOST_FILES + " files together"));
      return new Layer();
    }
    open.add(real);
    try {
      return parse(file, ConfigFile.read(file));
    } catch (ConfigException wrong) {
      problems.addAll(wrong.problems());
    } catch (NoSuchFileException missing) {
      problem(
          saying(named, "there is no file " + absolute(file) + ": make it, or correct the name"));
    } catch (IOException | SecurityException unreadable) {
      problem(
          saying(named, "cannot read " + absolute(file) + ": " + ConfigFile.reason(unreadable)));
    } finally {
      open.remove(open.size() - 1);
    }
    return new Layer();
  }

  /** Without links, to tell a cycle by; a pipe has no real path, nor has a missing file. */
  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException | SecurityException none) {
      return file.toAbsolutePath().normalize();
    }
  }

  private static String absolute(Path file) {
    return Problem.printable(file.toAbsolutePath().normalize().toString());
  }

  private String cycle(Path again) {
    var names = new ArrayList<String>();
    for (Path path : open.subList(open.indexOf(again), open.size())) {
      names.add(path.toString());
    }
    names.add(again.toString());
    return Problem.printable(String.join(" -> ", names));
  }

  private static Problem saying(Problem named, String sentence) {
    return new Problem(named.key(), named.origin(), named.found(), sentence);
  }

  /** Reads a text as if it stood in that file. */
  Layer parse(Path file, String text) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".json")) {
      return new JsonReader(file, this).read(text);
    }
    return name.endsWith(".properties")
        ? new PropertiesReader(file, this).read(text)
        : new IniReader(file, this).read(text);
  }
}
