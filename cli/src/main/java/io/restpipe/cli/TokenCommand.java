package io.restpipe.cli;

import io.restpipe.auth.identity.JoinToken;
import io.restpipe.auth.identity.JoinTokens;
import io.restpipe.config.Secret;
import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.config.Types;
import io.restpipe.security.CertificateCheck;
import io.restpipe.security.NodeRole;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code rp-server token create|list|revoke}: by which new machines join. */
@Command(
    sortOptions = false,
    description = {
      "create  makes a token, and prints the command that joins with it on the new machine.",
      "        Whoever has that line can join as that client: pass it on like a password.",
      "list    lists the tokens that are there, and those of the last days; never their secrets.",
      "revoke  makes a token useless."
    })
final class TokenCommand extends SettingsCommand {

  private static final Setting<Duration> TIME_TO_LIVE =
      Setting.of("token.ttl", Types.seconds(Duration.ofSeconds(1), Duration.ofDays(365)))
          .flag("--ttl")
          .orElse("1h")
          .help("Of create: how long the token can be used.");

  private static final Setting<Integer> USES =
      Setting.of("token.uses", Types.integer(1, 100_000))
          .flag("--uses")
          .orElse("1")
          .help("Of create: how often the token can be used.");

  private static final Setting<Duration> LIFETIME =
      Setting.of(
              "token.certificate_lifetime",
              Types.seconds(Duration.ofSeconds(10), Duration.ofDays(36_525)))
          .flag("--lifetime")
          .orElse("90d")
          .help("Of create: how long a certificate is valid; the client renews it before its end.");

  /** What to do. */
  enum Action {
    CREATE,
    LIST,
    REVOKE
  }

  @Parameters(index = "0", paramLabel = "create|list|revoke", description = "What to do.")
  private Action action = Action.LIST;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "ID",
      description = "Of revoke: which tokens, as list shows them.")
  private List<String> ids = new ArrayList<>();

  @Option(
      names = "--client",
      paramLabel = "NAME",
      description = "Of create: the name that the new client gets.")
  private @Nullable String client;

  @Option(names = "--json", description = "Of list: as JSON.")
  private boolean json;

  TokenCommand(Terminal terminal) {
    super(terminal, settings(), List.of(), NodeRole.SERVER);
  }

  private static List<Setting<?>> settings() {
    var all = new ArrayList<Setting<?>>(List.of(TIME_TO_LIVE, USES, LIFETIME));
    all.addAll(JoinLineMaker.SETTINGS);
    return all;
  }

  @Override
  int run(Settings settings) throws CommandException {
    JoinTokens tokens = ServerEnrollment.tokens(settings);
    if (action != Action.REVOKE && !ids.isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE,
          "what is \"" + ids.get(0) + "\" for? A new client's name is given by --client NAME");
    }
    try {
      switch (action) {
        case CREATE -> create(tokens, settings);
        case LIST -> list(tokens);
        case REVOKE -> revoke(tokens);
      }
      return ExitCode.OK;
    } catch (IOException unwritable) {
      throw new CommandException(
          ExitCode.IDENTITY, "the tokens: " + Sentence.of(unwritable), unwritable);
    }
  }

  private void create(JoinTokens tokens, Settings settings) throws CommandException, IOException {
    String name = client;
    if (name == null) {
      throw new CommandException(
          ExitCode.USAGE, "say with --client NAME what the new client is called");
    }
    // First, for nobody wants a token that no line can be made for.
    JoinLineMaker lines = JoinLineMaker.of(settings);
    JoinTokens.Created created;
    try {
      created =
          tokens.create(
              name, settings.get(TIME_TO_LIVE), settings.get(USES), settings.get(LIFETIME));
    } catch (IllegalArgumentException wrong) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
    }
    JoinToken token = created.token();
    terminal().say("rp-client join " + lines.line(token.id(), new Secret(created.secret())));
    terminal()
        .err()
        .println(
            "token %s for %s: %s, until %s; run the line on the new machine"
                .formatted(
                    token.id(),
                    token.client(),
                    token.uses() == 1 ? "one use" : token.uses() + " uses",
                    token.expires()));
    terminal().err().flush();
  }

  private void list(JoinTokens tokens) throws IOException {
    Instant now = Instant.now();
    List<JoinToken> all = tokens.all();
    if (json) {
      terminal().say(json(all, now));
      return;
    }
    var table = new Table("ID", "CLIENT", "STATE", "USES", "EXPIRES", "CERTIFICATES");
    for (JoinToken token : all) {
      table.row(
          token.id(),
          token.client(),
          state(token, now),
          token.used() + "/" + token.uses(),
          token.expires().toString(),
          CertificateCheck.words(token.lifetime()));
    }
    terminal().say(table.toString());
  }

  private static String state(JoinToken token, Instant now) {
    return token.state(now).name().toLowerCase(Locale.ROOT);
  }

  private static String json(List<JoinToken> tokens, Instant now) {
    JsonMapper mapper = new JsonMapper();
    ArrayNode all = mapper.createArrayNode();
    for (JoinToken token : tokens) {
      ObjectNode one = all.addObject();
      one.put("id", token.id());
      one.put("client", token.client());
      one.put("state", state(token, now));
      one.put("created", token.created().toString());
      one.put("expires", token.expires().toString());
      one.put("uses", token.uses());
      one.put("used", token.used());
      one.put("lifetimeSeconds", token.lifetime().toSeconds());
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(all);
  }

  private void revoke(JoinTokens tokens) throws CommandException, IOException {
    if (ids.isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE, "say which: rp-server token revoke ID; rp-server token list shows them");
    }
    for (String id : ids) {
      if (!tokens.revoke(id)) {
        throw new CommandException(
            ExitCode.USAGE, "there is no token " + id + "; rp-server token list shows them");
      }
      terminal().say("revoked " + id);
    }
  }
}
