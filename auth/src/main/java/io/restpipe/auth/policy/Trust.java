package io.restpipe.auth.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What clients may vouch for: {@code trust peer:kiosk-* for user:*, role:guest}.
 *
 * @param where {@code policy:12}
 * @param text the line, in one spelling
 * @param clients whose word counts
 * @param names for what, by sort of name
 */
record Trust(
    String where,
    String text,
    List<NamePattern> clients,
    Map<Condition.Kind, List<NamePattern>> names) {

  boolean matches(String client) {
    for (NamePattern pattern : clients) {
      if (pattern.matches(client)) {
        return true;
      }
    }
    return false;
  }

  boolean covers(Condition.Kind kind, String name) {
    for (NamePattern pattern : names.getOrDefault(kind, List.of())) {
      if (pattern.matches(name)) {
        return true;
      }
    }
    return false;
  }

  /** Those of the names that one of the lines covers. */
  static List<String> covered(List<Trust> lines, Condition.Kind kind, Collection<String> names) {
    var covered = new ArrayList<String>();
    for (String name : names) {
      if (lines.stream().anyMatch(line -> line.covers(kind, name))) {
        covered.add(name);
      }
    }
    return covered;
  }

  /** Collects the names of a line. */
  static Map<Condition.Kind, List<NamePattern>> none() {
    return new EnumMap<>(Condition.Kind.class);
  }
}
