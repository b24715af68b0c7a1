package io.restpipe.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Values by their key in lower case, and the names of sections as they are written. */
final class Layer {

  private final Map<String, ConfigValue> values = new LinkedHashMap<>();
  private final Map<String, String> sections = new LinkedHashMap<>();

  /** The same key, however it is written. */
  static String normal(String key) {
    return key.toLowerCase(Locale.ROOT);
  }

  Map<String, ConfigValue> values() {
    return values;
  }

  Map<String, String> sections() {
    return sections;
  }

  void addSection(String name) {
    sections.putIfAbsent(normal(name), name);
  }

  /** Adds the section that the first dot of a key ends. */
  void addSectionOf(String key) {
    int dot = key.indexOf('.');
    if (dot > 0) {
      addSection(key.substring(0, dot));
    }
  }

  /** Puts a value; it goes before one that is there. */
  void put(ConfigValue value) {
    values.merge(normal(value.key()), value, (loser, winner) -> winner.over(loser));
  }

  /** Puts all of another layer; they go before those that are there. */
  void putAll(Layer winners, int rank) {
    winners.sections.values().forEach(this::addSection);
    winners.values.values().forEach(value -> put(value.inLayer(rank)));
  }

  /** Adds what another layer has; those that are there go before. */
  void putUnder(Layer losers) {
    losers.sections.values().forEach(this::addSection);
    losers.values.forEach(
        (key, loser) -> values.merge(key, loser, (winner, under) -> winner.over(under)));
  }
}
