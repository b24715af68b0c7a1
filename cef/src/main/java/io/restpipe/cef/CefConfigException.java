package io.restpipe.cef;

import java.util.List;

/** A section {@code [cef]} that can't be used, with everything that is wrong with it. */
public final class CefConfigException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // List.copyOf's lists are serializable
  private final List<String> problems;

  CefConfigException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** A sentence each, with key, value and what would be right. */
  public List<String> problems() {
    return problems;
  }
}
