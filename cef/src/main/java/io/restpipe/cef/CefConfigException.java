package io.restpipe.cef;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A section {@code [cef]} that can't be used, with everything that is wrong with it. */
public final class CefConfigException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // List.copyOf's lists are serializable, and so are records of text
  private final List<Wrong> wrong;

  /**
   * One thing that is wrong.
   *
   * @param key without the section's name
   * @param value as it was found, on one line; null where there is none
   * @param rule what would be right
   */
  public record Wrong(String key, @Nullable String value, String rule)
      implements java.io.Serializable {

    /** For example {@code cef.version = 2: must be 0 to 1}. */
    @Override
    public String toString() {
      return "cef." + key + (value == null ? " is missing: " : " = " + value + ": ") + rule;
    }
  }

  CefConfigException(List<Wrong> wrong) {
    super(wrong.stream().map(Wrong::toString).collect(Collectors.joining("\n")));
    this.wrong = List.copyOf(wrong);
  }

  /** What is wrong, each with its key. */
  public List<Wrong> wrong() {
    return wrong;
  }

  /** A sentence each, with key, value and what would be right. */
  public List<String> problems() {
    return wrong.stream().map(Wrong::toString).toList();
  }
}
