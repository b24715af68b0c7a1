package io.restpipe.auth.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.event.Principal;
import io.restpipe.event.Verb;
import io.restpipe.security.Access;
import io.restpipe.security.NodeRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Policies against a reference that is as simple as the grammar in docs/policy.md. */
class PolicyPropertiesTest {

  private static final List<String> NAMES = List.of("a", "b", "ab", "ba");

  record Line(boolean allow, String subject, String verb, String noun, String target) {

    String text() {
      return (allow ? "allow " : "deny ") + String.join(" ", subject, verb, noun, "on", target);
    }
  }

  @Provide
  Arbitrary<List<Line>> lines() {
    Arbitrary<String> name = Arbitraries.of("a", "b", "a*", "*b", "*");
    Arbitrary<String> one =
        Arbitraries.oneOf(
            Arbitraries.of("anyone", "users", "peers", "local", "anonymous"),
            Combinators.combine(Arbitraries.of("user", "role", "peer", "via"), name)
                .as((kind, of) -> kind + ":" + of));
    Arbitrary<String> subject =
        one.list().ofMinSize(1).ofMaxSize(2).map(all -> String.join("+", all));
    Arbitrary<String> noun =
        Arbitraries.of("a", "b", "*", "**", "a*")
            .list()
            .ofMinSize(1)
            .ofMaxSize(3)
            .map(words -> String.join("/", words));
    Arbitrary<String> target =
        Arbitraries.oneOf(Arbitraries.of("server", "*"), name.map(of -> "client:" + of));
    return Combinators.combine(
            Arbitraries.of(true, false), subject, Arbitraries.of("GET", "POST", "*"), noun, target)
        .as(Line::new)
        .list()
        .ofMaxSize(5);
  }

  @Provide
  Arbitrary<Access> calls() {
    Arbitrary<String> name = Arbitraries.of(NAMES);
    Arbitrary<Principal> caller =
        Combinators.combine(
                Arbitraries.of(Principal.Kind.class),
                name,
                name.list().ofMaxSize(2).uniqueElements(),
                name.injectNull(0.5))
            .as(
                (kind, of, roles, via) ->
                    Principal.builder(kind, of).roles(roles).vouchedBy(via).build());
    Arbitrary<String> noun =
        Combinators.combine(
                Arbitraries.of("a", "b", "ab", "").list().ofMinSize(1).ofMaxSize(4),
                Arbitraries.of("/", "-", "_"))
            .as((words, separator) -> String.join(separator, words));
    return Combinators.combine(
            caller, Arbitraries.of(true, false), name, Arbitraries.of(Verb.class), noun)
        .as(
            (who, client, target, verb, what) ->
                client
                    ? Access.toClient(who, target, verb, what)
                    : Access.toServer(who, verb, what));
  }

  @Property(tries = 2000)
  void decides_as_the_reference_does(
      @ForAll("lines") List<Line> lines, @ForAll("calls") Access call) throws Exception {
    var text = new ArrayList<String>(lines.stream().map(Line::text).toList());
    text.add("default deny");
    Policy policy = Policy.parse("p", String.join("\n", text), NodeRole.SERVER);

    var decision = policy.decide(call);

    int expected = lines.size();
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (fits(lines.get(i), call)) {
        expected = i;
      }
    }
    assertThat(decision.rule()).startsWith("p:" + (expected + 1) + ": ");
    assertThat(decision.allowed())
        .isEqualTo(expected < lines.size() && lines.get(expected).allow());
  }

  private static boolean fits(Line line, Access call) {
    boolean verb =
        line.verb().equals("*")
            || line.verb().equals(call.verb().name())
            || (line.verb().equals("GET") && call.verb() == Verb.HEAD);
    boolean target =
        line.target().equals("*")
            || (call.client()
                ? line.target().startsWith("client:")
                    && glob(line.target().substring("client:".length()), call.target())
                : line.target().equals("server"));
    boolean noun = words(List.of(line.noun().split("/")), List.of(call.noun().split("[/_-]", -1)));
    boolean who = true;
    for (String one : line.subject().split("\\+")) {
      who &= is(one, call.caller());
    }
    return verb && target && noun && who;
  }

  private static boolean is(String subject, Principal caller) {
    String[] parts = subject.split(":", 2);
    return switch (parts[0]) {
      case "anyone" -> true;
      case "users" -> caller.kind() == Principal.Kind.USER;
      case "peers" -> caller.kind() == Principal.Kind.PEER;
      case "local", "anonymous" -> caller.kind().name().toLowerCase(Locale.ROOT).equals(parts[0]);
      case "user", "peer" ->
          caller.kind().name().toLowerCase(Locale.ROOT).equals(parts[0])
              && glob(parts[1], caller.name());
      case "role" -> caller.roles().stream().anyMatch(role -> glob(parts[1], role));
      case "via" -> caller.vouchedBy().filter(node -> glob(parts[1], node)).isPresent();
      default -> throw new AssertionError(subject);
    };
  }

  private static boolean words(List<String> pattern, List<String> noun) {
    if (pattern.isEmpty()) {
      return noun.isEmpty();
    }
    List<String> rest = pattern.subList(1, pattern.size());
    if (pattern.get(0).equals("**")) {
      return words(rest, noun) || (!noun.isEmpty() && words(pattern, noun.subList(1, noun.size())));
    }
    return !noun.isEmpty()
        && glob(pattern.get(0), noun.get(0))
        && words(rest, noun.subList(1, noun.size()));
  }

  private static boolean glob(String pattern, String name) {
    if (pattern.isEmpty()) {
      return name.isEmpty();
    }
    if (pattern.charAt(0) == '*') {
      return glob(pattern.substring(1), name)
          || (!name.isEmpty() && glob(pattern, name.substring(1)));
    }
    return !name.isEmpty()
        && pattern.charAt(0) == name.charAt(0)
        && glob(pattern.substring(1), name.substring(1));
  }
}
