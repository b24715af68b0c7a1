package io.restpipe.config;

import java.util.List;
import java.util.stream.Collectors;

/** Settings are wrong: all that is, at once. */
public final class SettingsException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  SettingsException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** In the order in which the settings were declared; never empty. */
  public List<Problem> problems() {
    return problems;
  }
}
