package io.restpipe.auth.policy;

import io.restpipe.config.NearestKey;
import io.restpipe.event.Verb;
import io.restpipe.security.NodeRole;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the lines of a policy, one after the other, and collects what is wrong with them. */
final class PolicyParser {

  /** A policy is asked line by line; more of them would be felt. */
  private static final int MAX_RULES = 10_000;

  private static final List<String> STATEMENTS =
      List.of("allow", "deny", "group", "trust", "default");
  private static final List<String> VERBS =
      Stream.of(Verb.values()).map(Verb::name).collect(Collectors.toList());

  private final String file;
  private final NodeRole node;
  private final List<String> problems = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();
  private final List<Trust> trusts = new ArrayList<>();
  private final Map<String, List<Subject>> groups = new LinkedHashMap<>();
  private final Map<String, Integer> groupLines = new HashMap<>();
  private @Nullable Rule last;
  private int lastLine;

  /**
   * @param file as it is to be called in messages
   */
  PolicyParser(String file, NodeRole node) {
    this.file = file;
    this.node = node;
  }

  /**
   * Reads all lines.
   *
   * @throws PolicyException with everything that is wrong
   */
  Policy parse(List<String> lines) throws PolicyException {
    for (int i = 0; i < lines.size(); i++) {
      try {
        line(Words.of(lines.get(i)), i + 1);
      } catch (IllegalArgumentException wrong) {
        problems.add(file + ":" + (i + 1) + ": " + wrong.getMessage());
      }
    }
    if (rules.size() > MAX_RULES) {
      problems.add(file + ": at most " + MAX_RULES + " rules are allowed: " + rules.size());
    }
    if (!problems.isEmpty()) {
      throw new PolicyException(problems);
    }
    rules.addAll(last == null ? BuiltIn.rules(node) : List.of(last));
    return new Policy(rules, trusts);
  }

  private void line(Words words, int number) {
    if (words.atEnd()) {
      return;
    }
    Word first = words.take("a statement");
    String statement = first.quoted().isEmpty() ? first.text() : "";
    switch (statement) {
      case "allow" -> rules.add(rule(words, true, number));
      case "deny" -> rules.add(rule(words, false, number));
      case "group" -> group(words, number);
      case "trust" -> trusts.add(trust(words, number));
      case "default" -> last(words, number);
      default ->
          throw new IllegalArgumentException(
              "a line must begin with allow, deny, group, trust or default, not "
                  + Words.show(first)
                  + nearest(first.text(), STATEMENTS));
    }
  }

  private String where(int number) {
    return file + ":" + number;
  }

  private Rule rule(Words words, boolean allow, int number) {
    List<Word> callers = words.list("who may call");
    List<Subject> subjects = subjects(callers);
    List<Word> verbWords = words.list("a verb, or * for all,");
    Set<Verb> verbs = verbs(verbWords);
    List<Word> nouns = words.list("a noun, or ** for all,");
    words.take("on", "the nouns");
    List<Word> on = words.list("a target (server, client:NAME or *)");
    List<Target> targets = on.stream().map(Target::of).toList();
    words.end();
    String text =
        (allow ? "allow " : "deny ")
            + text(callers)
            + " "
            + text(verbWords)
            + " "
            + text(nouns)
            + " on "
            + text(on);
    return Rule.of(
        where(number),
        text,
        allow,
        subjects,
        verbs,
        nouns.stream().map(NounPattern::new).toList(),
        targets);
  }

  private List<Subject> subjects(List<Word> words) {
    return words.stream().map(word -> Subject.of(word, node, groups)).toList();
  }

  private static Set<Verb> verbs(List<Word> words) {
    var verbs = EnumSet.noneOf(Verb.class);
    for (Word word : words) {
      if (word.is("*")) {
        verbs.addAll(EnumSet.allOf(Verb.class));
      } else if (VERBS.contains(word.text())) {
        verbs.add(Verb.valueOf(word.text()));
      } else {
        throw new IllegalArgumentException(
            Words.show(word)
                + " is no verb: must be * or "
                + String.join(", ", VERBS)
                + nearest(word.text(), VERBS));
      }
    }
    return verbs;
  }

  /** {@code group NAME = member, member}. */
  private void group(Words words, int number) {
    String name = words.take("the name of the group").text();
    words.take("=", "the name of the group");
    List<Subject> members = subjects(words.list("a member"));
    words.end();
    Integer before = groupLines.putIfAbsent(name, number);
    if (before != null) {
      throw new IllegalArgumentException(
          "group " + name + " is there already, in line " + before + ": write all members there");
    }
    groups.put(name, members);
  }

  /** {@code trust peer:NAME for user:*, role:guest}. */
  private Trust trust(Words words, int number) {
    List<Word> clients = words.list("the client that is trusted (peer:NAME)");
    words.take("for", "the clients that are trusted");
    List<Word> what = words.list("whom it may vouch for (user:, role:, group: or scope:)");
    words.end();
    var names = Trust.none();
    for (Word word : what) {
      Condition.Kind kind = kind(word);
      if (kind == null || kind == Condition.Kind.PEER || kind == Condition.Kind.VIA) {
        throw new IllegalArgumentException(
            "a client is trusted for user:, role:, group: or scope: with a name, not for "
                + Words.show(word));
      }
      names.computeIfAbsent(kind, absent -> new ArrayList<>()).add(name(word));
    }
    if (!names.containsKey(Condition.Kind.USER)) {
      throw new IllegalArgumentException(
          "it says no users that the client may vouch for: add user:NAME, or user:* for all");
    }
    return new Trust(
        where(number),
        "trust " + text(clients) + " for " + text(what),
        clients.stream().map(PolicyParser::client).toList(),
        names);
  }

  private static NamePattern client(Word word) {
    if (kind(word) != Condition.Kind.PEER) {
      throw new IllegalArgumentException(
          "only clients are trusted, by their certificate: write peer:NAME, not "
              + Words.show(word));
    }
    return name(word);
  }

  private static Condition.@Nullable Kind kind(Word word) {
    int colon = word.indexOf(':');
    return colon < 0 ? null : Condition.KINDS.get(word.text().substring(0, colon));
  }

  private static NamePattern name(Word word) {
    Word name = word.sub(word.indexOf(':') + 1, word.text().length());
    if (name.text().isEmpty()) {
      throw new IllegalArgumentException(word.text() + " names nobody");
    }
    return new NamePattern(name);
  }

  /** {@code default allow} or {@code default deny}. */
  private void last(Words words, int number) {
    Word word = words.take("allow or deny");
    if (!word.is("allow") && !word.is("deny")) {
      throw new IllegalArgumentException(
          "default must be allow or deny, not "
              + Words.show(word)
              + nearest(word.text(), List.of("allow", "deny")));
    }
    words.end();
    if (last != null) {
      throw new IllegalArgumentException("there is a default already, in line " + lastLine);
    }
    last = BuiltIn.anything(where(number), "default " + word.text(), word.is("allow"));
    lastLine = number;
  }

  /** The words as they would be written again. */
  private static String text(List<Word> words) {
    return words.stream().map(PolicyParser::text).collect(Collectors.joining(","));
  }

  private static String text(Word word) {
    boolean plain =
        word.quoted().isEmpty() && !word.text().isEmpty() && !word.text().startsWith("#");
    return plain ? word.text() : "\"" + word.text() + "\"";
  }

  /** A hint, where a known word is near. */
  static String nearest(String word, Collection<String> known) {
    return NearestKey.of(word, known).map(near -> "; did you mean " + near + "?").orElse("");
  }
}
