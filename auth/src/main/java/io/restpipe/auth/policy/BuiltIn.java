package io.restpipe.auth.policy;

import io.restpipe.event.Verb;
import io.restpipe.security.NodeRole;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** What holds where no line of the file fits: as RestPipe has it without a policy. */
final class BuiltIn {

  private static final String WHERE = "built-in";

  private BuiltIn() {}

  static List<Rule> rules(NodeRole node) {
    Rule rest = anything(WHERE, "deny anyone * ** on *", false);
    return switch (node) {
      case SERVER -> List.of(allow(node, "local", "*"), allow(node, "peers", "server"), rest);
      case CLIENT -> List.of(allow(node, "local", "*"), allow(node, "server", "*"), rest);
    };
  }

  private static Rule allow(NodeRole node, String who, String target) {
    return Rule.of(
        WHERE,
        "allow " + who + " * ** on " + target,
        true,
        List.of(Subject.of(star(who), node, Map.of())),
        EnumSet.allOf(Verb.class),
        List.of(new NounPattern(star("**"))),
        List.of(Target.of(star(target))));
  }

  /** A rule for every call. */
  static Rule anything(String where, String text, boolean allow) {
    return Rule.of(
        where,
        text,
        allow,
        List.of(new Subject(List.of())),
        EnumSet.allOf(Verb.class),
        List.of(new NounPattern(star("**"))),
        List.of(Target.of(star("*"))));
  }

  private static Word star(String text) {
    return new Word(text, new BitSet());
  }
}
