package io.restpipe.auth.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.event.Principal;
import io.restpipe.event.Verb;
import io.restpipe.security.Access;
import io.restpipe.security.NodeRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every caller with every call, against policies: allowed or denied, and by which line. */
class PolicyTableTest {

  private static final String POLICY =
      """
      # 1: who is who
      group printers = peer:printer-*, user:pia
      trust peer:kiosk for user:*, role:guest
      deny  user:mallory                * **            on *
      allow role:operator               GET,POST time/**, cat on client:fileserver, server
      allow role:admin+scope:call       * **            on *
      allow group:printers              PUT job/*       on client:spooler
      allow users                       GET time        on client:*
      allow via:kiosk                   GET help/**     on server
      allow peer:kiosk                  GET cat         on client:fileserver
      """;

  /** Letters: lower case denied, upper case allowed. Columns are {@link #calls}. */
  private static final Map<String, String> TABLE = new LinkedHashMap<>();

  static {
    // @formatter:off
    TABLE.put("local", "B B B B B B B B B");
    TABLE.put("anonymous", "z z z z z z z z z");
    TABLE.put("alice", "8 z z 8 z z z z z");
    TABLE.put("mallory operator", "4 4 4 4 4 4 4 4 4");
    TABLE.put("olga operator", "5 5 5 8 z 5 z z z");
    TABLE.put("adam admin", "8 z z 8 z z z z z");
    TABLE.put("adam admin call", "6 6 6 6 6 6 6 6 6");
    TABLE.put("pia", "8 z z 8 7 z z z z");
    TABLE.put("gus printers", "8 z z 8 7 z z z z");
    TABLE.put("peer printer-1", "z z z z 7 P P P z");
    TABLE.put("peer kiosk", "z z A z z P P P z");
    TABLE.put("peer other", "z z z z z P P P z");
    TABLE.put("kiosk's guest", "8 z z 8 z z z 9 z");
    // @formatter:on
  }

  private static Map<String, Principal> callers() {
    var callers = new LinkedHashMap<String, Principal>();
    callers.put("local", Principal.local());
    callers.put("anonymous", Principal.anonymous());
    callers.put("alice", Principal.user("alice").build());
    callers.put("mallory operator", Principal.user("mallory").roles(List.of("operator")).build());
    callers.put("olga operator", Principal.user("olga").roles(List.of("operator")).build());
    callers.put("adam admin", Principal.user("adam").roles(List.of("admin")).build());
    callers.put(
        "adam admin call",
        Principal.user("adam").roles(List.of("admin")).scopes(List.of("call")).build());
    callers.put("pia", Principal.user("pia").build());
    callers.put("gus printers", Principal.user("gus").groups(List.of("printers")).build());
    callers.put("peer printer-1", Principal.peer("printer-1"));
    callers.put("peer kiosk", Principal.peer("kiosk"));
    callers.put("peer other", Principal.peer("other"));
    callers.put(
        "kiosk's guest", Principal.user("gina").roles(List.of("guest")).vouchedBy("kiosk").build());
    return callers;
  }

  private record Call(Verb verb, String noun, String target) {

    Access by(Principal caller) {
      return target.equals("server")
          ? Access.toServer(caller, verb, noun)
          : Access.toClient(caller, target, verb, noun);
    }
  }

  private static List<Call> calls() {
    return List.of(
        new Call(Verb.GET, "time", "fileserver"),
        new Call(Verb.POST, "time/utc", "fileserver"),
        new Call(Verb.GET, "cat", "fileserver"),
        new Call(Verb.HEAD, "time", "spooler"),
        new Call(Verb.PUT, "job/17", "spooler"),
        new Call(Verb.GET, "time_local", "server"),
        new Call(Verb.DELETE, "time", "server"),
        new Call(Verb.GET, "help/me/now", "server"),
        new Call(Verb.PATCH, "", "spooler"));
  }

  static Stream<Arguments> cells() {
    var cells = new ArrayList<Arguments>();
    TABLE.forEach(
        (caller, row) -> {
          String[] expected = row.split(" ");
          for (int i = 0; i < calls().size(); i++) {
            cells.add(Arguments.of(caller, calls().get(i), expected[i]));
          }
        });
    return cells.stream();
  }

  @ParameterizedTest(name = "{0}: {1} is {2}")
  @MethodSource("cells")
  void each_cell_is_as_the_policy_says(String caller, Call call, String expected)
      throws PolicyException {
    Policy policy = Policy.parse("policy", POLICY, NodeRole.SERVER);

    var decision = policy.decide(call.by(callers().get(caller)));

    assertThat(letter(decision.rule())).as(decision.rule()).isEqualTo(expected);
    assertThat(decision.allowed()).isEqualTo(!expected.equals("z") && !expected.equals("4"));
  }

  /** The line that decided: its number, A for line 10, or a built-in one. */
  private static String letter(String rule) {
    if (rule.startsWith("policy:")) {
      String line = rule.substring("policy:".length(), rule.indexOf(": "));
      return line.equals("10") ? "A" : line;
    }
    return switch (rule) {
      case "built-in: allow local * ** on *" -> "B";
      case "built-in: allow peers * ** on server" -> "P";
      case "built-in: deny anyone * ** on *" -> "z";
      default -> rule;
    };
  }
}
