package io.restpipe.cli;

import io.restpipe.config.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The text of an INI file that says what can be set, and sets nothing. */
final class StartingFile {

  private final String program;
  private final Map<String, List<Setting<?>>> sections = new LinkedHashMap<>();

  StartingFile(String program, List<Setting<?>> declared) {
    this.program = program;
    for (Setting<?> setting : declared) {
      sections.computeIfAbsent(section(setting), name -> new ArrayList<>()).add(setting);
    }
  }

  private static String section(Setting<?> setting) {
    return setting.key().substring(0, setting.key().indexOf('.'));
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    text.append("# The settings of ")
        .append(program)
        .append(". Take the # off a line to set it;\n");
    text.append("# what stands there is the default. Flags and variables go before this file.\n");
    sections.forEach(
        (name, settings) -> {
          text.append("\n[").append(name).append("]\n");
          settings.forEach(setting -> add(text, setting));
        });
    return text.toString();
  }

  private static void add(StringBuilder text, Setting<?> setting) {
    text.append("\n# ").append(setting.help()).append('\n');
    text.append("# ").append(setting.type().label());
    setting.environment().stream()
        .findFirst()
        .ifPresent(variable -> text.append("; ").append(variable));
    setting.flag().ifPresent(flag -> text.append(", ").append(flag));
    text.append('\n');
    String standing = setting.defaultText();
    // A default that is a description is no value.
    boolean value = standing.indexOf(' ') < 0;
    if (!value) {
      text.append("# Default: ").append(standing).append('\n');
    }
    String name = setting.key().substring(setting.key().indexOf('.') + 1);
    text.append('#').append(name).append(" =");
    text.append(value && !standing.isEmpty() ? " " + standing : "").append('\n');
  }
}
