package io.restpipe.auth.policy;

import java.util.List;

/** A policy that cannot be used, with everything that is wrong with it. */
public final class PolicyException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  PolicyException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** A sentence each, with file and line: {@code /etc/restpipe/policy:12: …}. */
  public List<String> problems() {
    return problems;
  }
}
