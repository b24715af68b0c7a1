package io.restpipe.auth.policy;

import io.restpipe.event.Principal;
import io.restpipe.security.NodeRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Conditions that all must hold: {@code role:operator+scope:call}. */
record Subject(List<Condition> conditions) {

  private static final List<String> WORDS =
      List.of("anyone", "anonymous", "local", "users", "peers", "server");

  boolean matches(Principal caller) {
    for (Condition condition : conditions) {
      if (!condition.holds(caller)) {
        return false;
      }
    }
    return true;
  }

  static boolean anyMatches(List<Subject> subjects, Principal caller) {
    for (Subject subject : subjects) {
      if (subject.matches(caller)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Reads one.
   *
   * @param groups those that the file itself defines
   * @throws IllegalArgumentException with what is wrong with it
   */
  static Subject of(Word word, NodeRole node, Map<String, List<Subject>> groups) {
    var conditions = new ArrayList<Condition>();
    for (Word part : word.split('+')) {
      conditions.add(condition(part, node, groups));
    }
    return new Subject(List.copyOf(conditions));
  }

  private static Condition condition(Word word, NodeRole node, Map<String, List<Subject>> groups) {
    int colon = word.indexOf(':');
    if (colon < 0) {
      return keyword(word, node);
    }
    Condition.Kind kind = kind(word.sub(0, colon));
    Word name = word.sub(colon + 1, word.text().length());
    if (name.text().isEmpty()) {
      throw new IllegalArgumentException(
          word.text() + " names nobody: write for example " + word.text() + "alice");
    }
    Condition condition = kind.of(new NamePattern(name));
    List<Subject> members = kind == Condition.Kind.GROUP ? groups.get(name.text()) : null;
    return members == null
        ? condition
        : caller -> condition.holds(caller) || anyMatches(members, caller);
  }

  private static Condition keyword(Word word, NodeRole node) {
    String text = word.quoted().isEmpty() ? word.text() : "";
    return switch (text) {
      case "anyone" -> caller -> true;
      case "anonymous" -> caller -> caller.kind() == Principal.Kind.ANONYMOUS;
      case "local" -> caller -> caller.kind() == Principal.Kind.LOCAL;
      case "users" -> caller -> caller.kind() == Principal.Kind.USER;
      case "peers" -> caller -> caller.kind() == Principal.Kind.PEER;
      case "server" -> node == NodeRole.SERVER ? Subject::isLocal : Subject::isPeerItself;
      default ->
          throw new IllegalArgumentException(
              Words.show(word)
                  + " is no caller: must be "
                  + String.join(", ", WORDS)
                  + ", or user:, role:, group:, scope:, peer: or via: with a name"
                  + PolicyParser.nearest(word.text(), words()));
    };
  }

  private static List<String> words() {
    var all = new ArrayList<>(WORDS);
    Condition.KINDS.keySet().forEach(kind -> all.add(kind + ":"));
    return all;
  }

  private static boolean isLocal(Principal caller) {
    return caller.kind() == Principal.Kind.LOCAL;
  }

  /** On a client, the only peer that speaks for itself is the server. */
  private static boolean isPeerItself(Principal caller) {
    return caller.kind() == Principal.Kind.PEER && caller.vouchedBy().isEmpty();
  }

  private static Condition.Kind kind(Word word) {
    Condition.Kind kind = Condition.KINDS.get(word.text());
    if (kind == null) {
      throw new IllegalArgumentException(
          Words.show(word)
              + " is no sort of caller: must be one of "
              + String.join(", ", new TreeSet<>(Condition.KINDS.keySet()))
              + PolicyParser.nearest(word.text(), Condition.KINDS.keySet()));
    }
    return kind;
  }
}
