package io.restpipe.auth.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.restpipe.event.Principal;
import io.restpipe.event.Verb;
import io.restpipe.security.Access;
import io.restpipe.security.NodeRole;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {

  private static final Principal ALICE = Principal.user("alice").build();

  private static Policy parse(String... lines) throws PolicyException {
    return Policy.parse("policy", String.join("\n", lines), NodeRole.SERVER);
  }

  private static boolean mayGet(Policy policy, Principal caller, String noun) {
    return policy.decide(Access.toClient(caller, "x", Verb.GET, noun)).allowed();
  }

  @ParameterizedTest
  @CsvSource({
    "time, time, true",
    "time, times, false",
    "time, Time, false",
    "time/*, time/utc, true",
    "time/*, time_utc, true",
    "time/*, time-utc, true",
    "time_*, time/utc, true",
    "time/*, time, false",
    "time/*, time/utc/now, false",
    "time/**, time, true",
    "time/**, time-utc_now, true",
    "**/now, time/utc/now, true",
    "**/now, now, true",
    "a/**/z, a/z, true",
    "a/**/z, a/b/c/z, true",
    "a/**/z, a/b/c, false",
    "t*e, time, true",
    "t*e, t/e, false",
    "*, anything, true",
    "*, any/thing, false",
    "**, any/thing, true",
    "$ping, $ping, true",
    "'\"a*\"', a*, true",
    "'\"a*\"', ab, false",
    "'\"\"', '', true",
  })
  void nouns_match_by_words(String pattern, String noun, boolean matches) throws Exception {
    Policy policy = parse("allow anyone GET " + pattern + " on *", "default deny");

    assertThat(mayGet(policy, ALICE, noun)).isEqualTo(matches);
  }

  @Test
  void what_a_handler_cannot_tell_apart_a_rule_does_not() throws Exception {
    Policy policy = parse("deny anyone * admin/** on *", "default allow");

    for (String noun : List.of("admin", "admin/users", "admin_users", "admin-users-list")) {
      assertThat(mayGet(policy, ALICE, noun)).as(noun).isFalse();
    }
    assertThat(mayGet(policy, ALICE, "administer")).isTrue();
  }

  @Test
  void a_rule_for_get_is_one_for_head() throws Exception {
    Policy policy = parse("deny users GET secret on *", "allow users HEAD cheap on *");

    assertThat(policy.decide(Access.toServer(ALICE, Verb.HEAD, "secret")).allowed()).isFalse();
    assertThat(policy.decide(Access.toServer(ALICE, Verb.HEAD, "cheap")).allowed()).isTrue();
    assertThat(policy.decide(Access.toServer(ALICE, Verb.GET, "cheap")).allowed()).isFalse();
  }

  @Test
  void names_with_spaces_and_separators_stand_in_quotes() throws Exception {
    Policy policy =
        parse(
            "allow user:\"anna, the first\" GET time on client:x # a comment",
            "allow user:\"a+b@example.org\", role:\"x#y\" GET time on *");

    assertThat(mayGet(policy, Principal.user("anna, the first").build(), "time")).isTrue();
    assertThat(mayGet(policy, Principal.user("a+b@example.org").build(), "time")).isTrue();
    assertThat(mayGet(policy, Principal.user("b").roles(List.of("x#y")).build(), "time")).isTrue();
    assertThat(mayGet(policy, Principal.user("a").build(), "time")).isFalse();
  }

  @Test
  void the_server_is_local_on_itself_and_a_peer_on_its_clients() throws Exception {
    String rule = "allow server GET time on *\ndefault deny";
    Policy onServer = Policy.parse("policy", rule, NodeRole.SERVER);
    Policy onClient = Policy.parse("policy", rule, NodeRole.CLIENT);
    Principal peer = Principal.peer("pipe.example");

    assertThat(mayGet(onServer, Principal.local(), "time")).isTrue();
    assertThat(mayGet(onServer, peer, "time")).isFalse();
    assertThat(mayGet(onClient, peer, "time")).isTrue();
    assertThat(mayGet(onClient, peer.toBuilder().vouchedBy("pipe.example").build(), "time"))
        .isFalse();
  }

  @Test
  void a_client_vouches_for_what_it_is_trusted_with_and_no_more() throws Exception {
    Policy policy =
        parse("trust peer:kiosk-* for user:*, role:guest", "trust peer:hr for user:anna, role:*");
    Principal anna = Principal.user("anna").roles(List.of("guest", "admin")).build();

    assertThat(policy.vouched("kiosk-1", anna).map(Principal::roles).orElseThrow())
        .containsExactly("guest");
    assertThat(policy.vouched("kiosk-1", anna).flatMap(Principal::vouchedBy)).contains("kiosk-1");
    assertThat(policy.vouched("hr", anna).map(Principal::roles).orElseThrow())
        .containsExactly("guest", "admin");
    assertThat(policy.vouched("hr", ALICE)).isEqualTo(Optional.empty());
    assertThat(policy.vouched("other", anna)).isEqualTo(Optional.empty());
  }

  @Test
  void all_that_is_wrong_is_said_at_once_with_line_and_remedy() {
    PolicyException wrong =
        catchThrowableOfType(
            PolicyException.class,
            () ->
                parse(
                    "alow anyone * ** on *",
                    "allow usr:alice GET time on server",
                    "allow user:alice GETT time on server",
                    "allow user:alice GET time at server",
                    "allow user:alice GET time on sever",
                    "allow user: GET time on server",
                    "allow user:alice, GET",
                    "allow user:alice GET time on server server",
                    "default maybe",
                    "trust user:alice for user:*",
                    "trust peer:a for role:guest",
                    "allow \"alice GET time on server",
                    "allow every GET time on client:",
                    "allow user:alice"));

    assertThat(wrong.problems())
        .containsExactly(
            "policy:1: a line must begin with allow, deny, group, trust or default, not \"alow\";"
                + " did you mean allow?",
            "policy:2: \"usr\" is no sort of caller: must be one of group, peer, role, scope, user,"
                + " via; did you mean user?",
            "policy:3: \"GETT\" is no verb: must be * or GET, HEAD, POST, PUT, DELETE, PATCH,"
                + " OPTIONS; did you mean GET?",
            "policy:4: \"on\" must follow the nouns, not \"at\"",
            "policy:5: \"sever\" is no target: must be server, client:NAME or *; did you mean"
                + " server?",
            "policy:6: user: names nobody: write for example user:alice",
            "policy:7: \"GET\" is no caller: must be anyone, anonymous, local, users, peers,"
                + " server, or user:, role:, group:, scope:, peer: or via: with a name",
            "policy:8: nothing may follow here: \"server\" (lists are written with commas, names"
                + " with spaces in quotes)",
            "policy:9: default must be allow or deny, not \"maybe\"",
            "policy:10: only clients are trusted, by their certificate: write peer:NAME, not"
                + " \"user:alice\"",
            "policy:11: it says no users that the client may vouch for: add user:NAME, or user:*"
                + " for all",
            "policy:12: a quote is not closed",
            "policy:13: \"every\" is no caller: must be anyone, anonymous, local, users, peers,"
                + " server, or user:, role:, group:, scope:, peer: or via: with a name",
            "policy:14: a verb, or * for all, is missing at the end of the line");
  }

  @Test
  void a_group_or_default_is_there_once() {
    assertThatThrownBy(() -> parse("group a = user:b", "", "group a = user:c"))
        .hasMessage("policy:3: group a is there already, in line 1: write all members there");
    assertThatThrownBy(() -> parse("default deny", "default allow"))
        .hasMessage("policy:2: there is a default already, in line 1");
  }

  @Test
  void a_hostile_noun_takes_no_time() throws Exception {
    Policy policy = parse("allow anyone GET " + "*a".repeat(200) + "/**/**/**/b on *");

    String noun = "a".repeat(2000) + "/a".repeat(1000);

    assertThat(mayGet(policy, ALICE, noun)).isFalse();
  }
}
