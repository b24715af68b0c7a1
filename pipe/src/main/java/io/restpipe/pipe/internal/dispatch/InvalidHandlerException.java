package io.restpipe.pipe.internal.dispatch;

import java.util.List;

/** A handler that cannot be served as it is written; says everything that is wrong at once. */
public final class InvalidHandlerException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  InvalidHandlerException(Class<?> handler, List<String> problems) {
    super(handler.getName() + " cannot answer events: " + String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** One sentence each. */
  public List<String> problems() {
    return problems;
  }
}
