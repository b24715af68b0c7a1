package io.restpipe.security;

import java.util.List;

/**
 * An identity that can't be used. Each problem is a sentence with the file, what is wrong with it,
 * and what to do; never a key.
 */
public final class IdentityException extends RuntimeException {

  private static final long serialVersionUID = 1;

  @SuppressWarnings("serial") // List.copyOf's lists are serializable
  private final List<String> problems;

  /** All that is wrong, most urgent first; at least one. */
  public IdentityException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("an identity without problems is no exception");
    }
  }

  /** The one thing that is wrong. */
  public IdentityException(String problem) {
    this(List.of(problem));
  }

  /** A sentence each. */
  public List<String> problems() {
    return problems;
  }
}
