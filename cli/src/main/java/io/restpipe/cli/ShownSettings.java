package io.restpipe.cli;

import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Settings with their values and origins, for people and for programs. Secrets are masked. */
final class ShownSettings {

  private final Settings settings;
  private final List<Setting<?>> declared;

  ShownSettings(Settings settings, List<Setting<?>> declared) {
    this.settings = settings;
    this.declared = declared;
  }

  Table table() {
    var table = new Table("KEY", "VALUE", "FROM", "OVERRODE");
    for (Setting<?> setting : declared) {
      table.row(
          setting.key(),
          line(text(setting)),
          settings.origin(setting).toString(),
          settings.overridden(setting).stream()
              .map(value -> line(value.text()) + " (" + value.origin() + ")")
              .collect(Collectors.joining(", ")));
    }
    return table;
  }

  /**
   * A path as it is in the end: its default is found out, and what a file says is relative to it.
   */
  private String text(Setting<?> setting) {
    return settings
        .find(setting)
        .filter(Path.class::isInstance)
        .map(Object::toString)
        .orElseGet(() -> settings.text(setting));
  }

  /** A list on one line. */
  private static String line(String text) {
    return text.lines().filter(item -> !item.isBlank()).collect(Collectors.joining(", "));
  }

  String json() {
    var all = new ArrayList<Map<String, Object>>();
    for (Setting<?> setting : declared) {
      Map<String, Object> one = value(text(setting), settings.origin(setting).toString());
      var keyed = new LinkedHashMap<String, Object>();
      keyed.put("key", setting.key());
      keyed.putAll(one);
      keyed.put(
          "overrode",
          settings.overridden(setting).stream()
              .map(value -> value(value.text(), value.origin().toString()))
              .toList());
      all.add(keyed);
    }
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(all);
  }

  private static Map<String, Object> value(String text, String origin) {
    var value = new LinkedHashMap<String, Object>();
    value.put("value", text);
    value.put("origin", origin);
    return value;
  }
}
