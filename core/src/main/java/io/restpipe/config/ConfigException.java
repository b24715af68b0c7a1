package io.restpipe.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The configuration cannot be read, or is wrong: all that is, at once. Each problem names its place
 * (file and line, variable, flag), the key, what was found and what would be right.
 */
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** As many as one can read; a file that is no configuration at all has one in each line. */
  private static final int MOST_PROBLEMS = 100;

  private final transient List<Problem> problems;
  private final transient Set<Path> files;

  ConfigException(List<Problem> problems) {
    this(problems, Set.of());
  }

  ConfigException(List<Problem> problems, Set<Path> files) {
    this(problems, files, null);
  }

  ConfigException(Problem problem) {
    this(List.of(problem), Set.of(), null);
  }

  ConfigException(Problem problem, Throwable cause) {
    this(List.of(problem), Set.of(), cause);
  }

  private ConfigException(List<Problem> problems, Set<Path> files, @Nullable Throwable cause) {
    super(message(problems), cause);
    this.problems = problems.stream().limit(MOST_PROBLEMS).toList();
    this.files = files;
  }

  /** About a place, in a sentence with its remedy. */
  public static ConfigException at(Origin origin, String sentence) {
    return new ConfigException(Problem.at(origin, sentence));
  }

  private static String message(List<Problem> problems) {
    String message =
        problems.stream()
            .limit(MOST_PROBLEMS)
            .map(Problem::toString)
            .collect(Collectors.joining("\n"));
    int more = problems.size() - MOST_PROBLEMS;
    return more > 0 ? message + "\nand " + more + " more" : message;
  }

  /** In the order of the files and their lines; never empty. */
  public List<Problem> problems() {
    return problems;
  }

  /** Those that were opened on the way to the problems. */
  Set<Path> files() {
    return files;
  }
}
