package io.restpipe.config;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the text of a value means in the INI dialect. {@code docs/config-library.md} has it. */
final class IniText {

  static final String HERE = "%(here)s";

  /** What variables may make of a value. */
  private static final int LONGEST = 1 << 20;

  /** As many digits as it takes; a longer row of digits stays text. */
  private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,1000}");

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

  private IniText() {}

  static boolean isList(String written) {
    return written.indexOf('\n') >= 0;
  }

  static List<String> items(String written) {
    return written.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  static Object convert(String written, @Nullable Path folder, Variables variables)
      throws UnsetVariableException {
    String text = text(written, folder, variables);
    return isQuoted(written) ? text : scalar(text);
  }

  /** Quotes off, or variables put in. */
  static String text(String written, @Nullable Path folder, Variables variables)
      throws UnsetVariableException {
    String text =
        isQuoted(written) ? written.substring(1, written.length() - 1) : expand(written, variables);
    return folder == null || !text.contains(HERE) ? text : text.replace(HERE, folder.toString());
  }

  /** An integer, a boolean, or the text. */
  static Object scalar(String text) {
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return text.equalsIgnoreCase("true");
    }
    if (!INTEGER.matcher(text).matches()) {
      return text;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException tooLong) {
      return new BigInteger(text);
    }
  }

  static boolean isQuoted(String written) {
    return written.length() >= 2 && written.startsWith("\"") && written.endsWith("\"");
  }

  private static String expand(String written, Variables variables) throws UnsetVariableException {
    if (!written.contains("${")) {
      return written;
    }
    Matcher matcher = VARIABLE.matcher(written);
    var expanded = new StringBuilder();
    while (matcher.find()) {
      String name = matcher.group(1);
      String value = variables.find(name);
      if (value == null) {
        throw new UnsetVariableException(
            "the environment variable "
                + name
                + " is not set: set it, or write the value in double quotes if it means itself");
      }
      matcher.appendReplacement(expanded, Matcher.quoteReplacement(value));
      if (expanded.length() > LONGEST) {
        throw new UnsetVariableException("must not become longer than 1 MiB by its variables");
      }
    }
    return matcher.appendTail(expanded).toString();
  }
}
