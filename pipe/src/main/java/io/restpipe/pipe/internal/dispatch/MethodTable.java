package io.restpipe.pipe.internal.dispatch;

import io.restpipe.event.EventHandler;
import io.restpipe.event.NonBlocking;
import io.restpipe.event.Verb;
import io.restpipe.metrics.Metrics;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a node answers, by verb and noun: first exactly as registered, then by the key that a noun
 * leads to. Made once at start, read by all loops.
 */
final class MethodTable {

  private final Map<String, Map<Verb, EventMethod>> byNoun;
  private final Map<String, Map<Verb, EventMethod>> byKey;

  private MethodTable(
      Map<String, Map<Verb, EventMethod>> byNoun, Map<String, Map<Verb, EventMethod>> byKey) {
    this.byNoun = Map.copyOf(byNoun);
    this.byKey = Map.copyOf(byKey);
  }

  /**
   * Reads a handler.
   *
   * @throws InvalidHandlerException with everything that is wrong with it
   */
  static MethodTable of(EventHandler handler, Metrics metrics) {
    return new Builder(handler, metrics).build();
  }

  /** The same table and one more method, found before all others. */
  MethodTable with(EventMethod builtIn) {
    var more = new HashMap<>(byNoun);
    more.put(builtIn.noun(), Map.of(builtIn.verb(), builtIn));
    return new MethodTable(more, byKey);
  }

  /**
   * What answers; null if nothing does. A HEAD is answered by what answers GET, failing its own.
   */
  @Nullable EventMethod find(Verb verb, String noun) {
    EventMethod method = exactly(verb, noun);
    return method == null && verb == Verb.HEAD ? exactly(Verb.GET, noun) : method;
  }

  private @Nullable EventMethod exactly(Verb verb, String noun) {
    Map<Verb, EventMethod> registered = byNoun.get(noun);
    if (registered != null) {
      EventMethod method = registered.get(verb);
      if (method != null) {
        return method;
      }
    }
    Map<Verb, EventMethod> named = byKey.get(EventName.key(noun));
    return named == null ? null : named.get(verb);
  }

  /** The verbs that a noun can be asked with; empty where it is not known at all. */
  Set<Verb> allowed(String noun) {
    var verbs = EnumSet.noneOf(Verb.class);
    for (Verb verb : Verb.values()) {
      if (find(verb, noun) != null) {
        verbs.add(verb);
      }
    }
    if (!verbs.isEmpty()) {
      verbs.add(Verb.OPTIONS);
    }
    return verbs;
  }

  /** All methods, by noun and verb. */
  List<EventMethod> all() {
    var all = new ArrayList<EventMethod>();
    byNoun.values().forEach(verbs -> all.addAll(verbs.values()));
    byKey.values().forEach(verbs -> all.addAll(verbs.values()));
    all.sort(MethodTable::compare);
    return all;
  }

  private static int compare(EventMethod one, EventMethod other) {
    int nouns = one.noun().compareTo(other.noun());
    return nouns != 0 ? nouns : one.verb().compareTo(other.verb());
  }

  /** Collects methods and problems. */
  private static final class Builder {

    /** What claims a verb and noun, for the message where another one does too. */
    private record Claim(Verb verb, String noun, boolean exact) {}

    private final EventHandler handler;
    private final Metrics metrics;
    private final List<String> problems = new ArrayList<>();
    private final Map<Claim, String> claims = new HashMap<>();
    private final Map<String, Map<Verb, EventMethod>> byNoun = new HashMap<>();
    private final Map<String, Map<Verb, EventMethod>> byKey = new HashMap<>();

    Builder(EventHandler handler, Metrics metrics) {
      this.handler = handler;
      this.metrics = metrics;
    }

    MethodTable build() {
      for (EventHandler.Registration registration : handler.registrations()) {
        add(registration);
      }
      for (HandlerMethods.Candidate candidate : HandlerMethods.of(handler.getClass(), problems)) {
        add(candidate);
      }
      claims.forEach(this::checkReachable);
      if (!problems.isEmpty()) {
        throw new InvalidHandlerException(
            handler.getClass(), problems.stream().sorted().collect(Collectors.toList()));
      }
      return new MethodTable(byNoun, byKey);
    }

    private void add(EventHandler.Registration registration) {
      Verb verb = registration.verb();
      String noun = registration.noun();
      String name = "on(" + verb + ", \"" + noun + "\", …)";
      if (claim(new Claim(verb, noun, true), name)) {
        EventTarget target = registration.function()::handle;
        String signature = verb.lowerCase() + " " + noun + "(String...)";
        put(byNoun, verb, noun, signature, registration.nonBlocking(), target);
      }
    }

    private void add(HandlerMethods.Candidate candidate) {
      Method method = candidate.method();
      var on = candidate.on();
      EventName name =
          on != null ? new EventName(on.verb(), on.noun()) : EventName.ofMethod(method.getName());
      if (name == null
          || !claim(new Claim(name.verb(), name.key(), on != null), Signatures.full(method))) {
        return;
      }
      MethodTarget target = MethodTarget.of(handler, method, problems);
      if (target != null) {
        boolean nonBlocking =
            method.isAnnotationPresent(NonBlocking.class)
                || method.getDeclaringClass().isAnnotationPresent(NonBlocking.class);
        var table = on != null ? byNoun : byKey;
        put(table, name.verb(), name.key(), target.signature(), nonBlocking, target);
      }
    }

    private void put(
        Map<String, Map<Verb, EventMethod>> table,
        Verb verb,
        String noun,
        String signature,
        boolean nonBlocking,
        EventTarget target) {
      table
          .computeIfAbsent(noun, key -> new EnumMap<>(Verb.class))
          .put(verb, new EventMethod(verb, noun, signature, nonBlocking, target, metrics));
    }

    private boolean claim(Claim claim, String by) {
      if (claim.noun().startsWith("$")) {
        problems.add(by + " answers a noun that begins with $, which is RestPipe's own: rename it");
        return false;
      }
      String other = claims.putIfAbsent(claim, by);
      if (other != null) {
        problems.add(
            other
                + " and "
                + by
                + " both answer "
                + claim.verb()
                + " "
                + claim.noun()
                + ": rename one, or give it a noun of its own with @On");
      }
      return other == null;
    }

    /** A noun without separators has one spelling, so an exact claim leaves nothing to the key. */
    private void checkReachable(Claim claim, String by) {
      String exact = claims.get(new Claim(claim.verb(), claim.noun(), true));
      if (!claim.exact() && exact != null && claim.noun().indexOf('_') < 0) {
        problems.add(
            exact
                + " and "
                + by
                + " both answer "
                + claim.verb()
                + " "
                + claim.noun()
                + ": remove or rename one");
      }
    }
  }
}
