package io.restpipe.auth.policy;

import io.restpipe.event.Verb;
import io.restpipe.security.Access;
import io.restpipe.security.Authorizer;
import java.util.List;
import java.util.Set;

/**
 * One line that allows or denies.
 *
 * @param where {@code policy:12}, or {@code built-in}
 * @param text the line, in one spelling
 * @param decision what it comes to where it fits; made once
 */
record Rule(
    String where,
    String text,
    boolean allow,
    List<Subject> subjects,
    Set<Verb> verbs,
    List<NounPattern> nouns,
    List<Target> targets,
    Authorizer.Decision decision) {

  static Rule of(
      String where,
      String text,
      boolean allow,
      List<Subject> subjects,
      Set<Verb> verbs,
      List<NounPattern> nouns,
      List<Target> targets) {
    return new Rule(
        where,
        text,
        allow,
        subjects,
        verbs,
        nouns,
        targets,
        new Authorizer.Decision(allow, where + ": " + text));
  }

  /** The words of the noun come along, so that they are parted once for all rules. */
  boolean matches(Access access, String[] noun) {
    return matchesVerb(access.verb())
        && matchesTarget(access)
        && Subject.anyMatches(subjects, access.caller())
        && matchesNoun(noun);
  }

  /** What answers GET answers HEAD too, so a rule for GET is one for HEAD. */
  private boolean matchesVerb(Verb verb) {
    return verbs.contains(verb) || (verb == Verb.HEAD && verbs.contains(Verb.GET));
  }

  private boolean matchesTarget(Access access) {
    for (Target target : targets) {
      if (target.matches(access)) {
        return true;
      }
    }
    return false;
  }

  private boolean matchesNoun(String[] noun) {
    for (NounPattern pattern : nouns) {
      if (pattern.matches(noun)) {
        return true;
      }
    }
    return false;
  }
}
