package io.restpipe.pipe.internal.wire;

import java.util.List;

/**
 * A noun and its parameters as version 1 carries them in one string: {@code NOUN//P1/P2}, nothing
 * of it escaped. What stands behind a second {@code //} is lost.
 *
 * @param parameters none where there is no {@code //}, otherwise at least one, perhaps empty
 */
public record V1Noun(String noun, List<String> parameters) {

  private static final String SEPARATOR = "//";

  public V1Noun {
    parameters = List.copyOf(parameters);
  }

  /** Parts what came. */
  public static V1Noun split(String text) {
    int first = text.indexOf(SEPARATOR);
    if (first < 0) {
      return new V1Noun(text, List.of());
    }
    String rest = text.substring(first + SEPARATOR.length());
    int second = rest.indexOf(SEPARATOR);
    String parameters = second < 0 ? rest : rest.substring(0, second);
    return new V1Noun(text.substring(0, first), List.of(parameters.split("/", -1)));
  }

  /**
   * As one string, which parts into the same again.
   *
   * @throws IllegalArgumentException if there is none
   */
  public String join() {
    for (String parameter : parameters) {
      if (parameter.indexOf('/') >= 0) {
        throw new IllegalArgumentException(
            "a parameter that holds a '/' cannot be carried by version 1 of the protocol: "
                + shown(parameter));
      }
    }
    String text = parameters.isEmpty() ? noun : noun + SEPARATOR + String.join("/", parameters);
    if (!split(text).equals(this)) {
      throw new IllegalArgumentException(
          "this noun and these parameters cannot be carried by version 1 of the protocol, where"
              + " they would be read as something else: "
              + shown(text));
    }
    return text;
  }

  private static String shown(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 80 ? line : line.substring(0, 80) + "...";
  }
}
