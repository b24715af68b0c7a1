package io.restpipe.cli;

import io.restpipe.auth.policy.Policy;
import io.restpipe.auth.policy.PolicyException;
import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.event.Event;
import io.restpipe.event.Principal;
import io.restpipe.event.Verb;
import io.restpipe.security.Access;
import io.restpipe.security.Authorizer;
import io.restpipe.security.NodeRole;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy test|explain|check}: what a policy comes to. */
@Command(
    sortOptions = false,
    description = {
      "policy explain               shows the rules in the order in which they are asked",
      "policy check                 says what is wrong with the file",
      "policy test --as WHO GET /client/NAME/NOUN",
      "                             says whether WHO may make the call, and by which line;",
      "                             ends with 0 if so, with 9 if not"
    })
final class PolicyCommand extends SettingsCommand {

  private final NodeRole role;
  private final Setting<Path> setting;

  @Option(
      names = "--as",
      paramLabel = "WHO",
      description = "user:NAME (or NAME), peer:NAME, local or anonymous. Default: local.")
  private String as = "local";

  @Option(names = "--role", paramLabel = "ROLE", description = "A role of the user; repeatable.")
  private List<String> roles = new ArrayList<>();

  @Option(names = "--group", paramLabel = "GROUP", description = "A group; repeatable.")
  private List<String> groups = new ArrayList<>();

  @Option(names = "--scope", paramLabel = "SCOPE", description = "A token's scope; repeatable.")
  private List<String> scopes = new ArrayList<>();

  @Option(names = "--via", paramLabel = "PEER", description = "The node that vouches for it.")
  private @Nullable String via;

  @Parameters(arity = "1..3", paramLabel = "test|explain|check [VERB PATH]")
  private List<String> words = new ArrayList<>();

  PolicyCommand(Terminal terminal, NodeRole role) {
    super(
        terminal,
        List.of(role == NodeRole.SERVER ? ServerSettings.POLICY : ClientSettings.POLICY),
        List.of(),
        role);
    this.role = role;
    this.setting = role == NodeRole.SERVER ? ServerSettings.POLICY : ClientSettings.POLICY;
  }

  @Override
  int run(Settings settings) throws CommandException {
    Policy policy = policy(settings);
    String what = words.get(0);
    boolean test = what.equals("test");
    if (words.size() != (test ? 3 : 1)) {
      throw usage(
          test
              ? "test takes a verb and a path: policy test --as alice GET /client/x/time"
              : what + " takes no more arguments");
    }
    return switch (what) {
      case "test" -> test(policy);
      case "explain" -> explain(policy);
      case "check" -> check(policy);
      default -> throw usage("policy " + what + ": must be test, explain or check");
    };
  }

  private static CommandException usage(String sentence) {
    return new CommandException(ExitCode.USAGE, sentence);
  }

  private Policy policy(Settings settings) throws CommandException {
    Optional<Path> file = settings.find(setting);
    try {
      return file.isPresent() ? Policy.read(file.orElseThrow(), role) : Policy.builtIn(role);
    } catch (PolicyException wrong) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private int check(Policy policy) {
    terminal().say("the policy is good: " + policy.rules().size() + " rules");
    return ExitCode.OK;
  }

  private int explain(Policy policy) {
    var table = new Table("LINE", "RULE");
    policy.trusts().forEach(line -> table.row(line.where(), line.text()));
    policy.rules().forEach(line -> table.row(line.where(), line.text()));
    terminal().say("Rules are asked from top to bottom; the first that fits decides.");
    terminal().say(table.toString());
    return ExitCode.OK;
  }

  private int test(Policy policy) throws CommandException {
    Access access = access(caller(policy), verb(words.get(1)), words.get(2));
    Authorizer.Decision decision = policy.decide(access);
    terminal().say((decision.allowed() ? "allowed: " : "denied: ") + access);
    terminal().say("by " + decision.rule());
    return decision.allowed() ? ExitCode.OK : ExitCode.REFUSED;
  }

  private Principal caller(Policy policy) throws CommandException {
    try {
      Principal caller =
          builder().roles(roles).groups(groups).scopes(scopes).vouchedBy(null).build();
      return via == null ? caller : vouchedFor(policy, caller, via);
    } catch (IllegalArgumentException wrong) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
    }
  }

  /** What the node makes of another node's word. */
  private Principal vouchedFor(Policy policy, Principal caller, String node) {
    if (role == NodeRole.CLIENT) {
      return caller.toBuilder().vouchedBy(node).build();
    }
    return policy
        .vouched(node, caller)
        .orElseGet(() -> Principal.peer(node).toBuilder().claimed(caller.name()).build());
  }

  private Principal.Builder builder() {
    if (as.equals("local")) {
      return Principal.local().toBuilder();
    }
    if (as.equals("anonymous")) {
      return Principal.anonymous().toBuilder();
    }
    int colon = as.indexOf(':');
    String name = as.substring(colon + 1);
    return colon >= 0 && as.substring(0, colon).equals("peer")
        ? Principal.peer(name).toBuilder()
        : Principal.user(colon >= 0 && as.substring(0, colon).equals("user") ? name : as);
  }

  private static Verb verb(String word) throws CommandException {
    try {
      return Verb.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw usage(word + ": must be GET, HEAD, POST, PUT, DELETE, PATCH or OPTIONS");
    }
  }

  private static Access access(Principal caller, Verb verb, String path) throws CommandException {
    try {
      if (path.startsWith("/server/")) {
        return Access.toServer(
            caller, verb, Event.at(verb, path.substring("/server/".length())).build().noun());
      }
      if (path.startsWith("/client/")) {
        String rest = path.substring("/client/".length());
        int slash = rest.indexOf('/');
        String name = Event.at(verb, slash < 0 ? rest : rest.substring(0, slash)).build().noun();
        String noun = slash < 0 ? "" : rest.substring(slash + 1);
        return Access.toClient(caller, name, verb, Event.at(verb, noun).build().noun());
      }
    } catch (IllegalArgumentException malformed) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(malformed.getMessage()), malformed);
    }
    throw usage(path + ": must be /client/NAME/NOUN or /server/NOUN");
  }
}
