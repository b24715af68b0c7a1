package io.restpipe.cli;

import io.restpipe.config.Endpoint;
import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.event.Verb;
import io.restpipe.security.NodeRole;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes one call through the local gateway, as curl would. */
@Command(sortOptions = false)
abstract class Call extends SettingsCommand {

  /** What the gateway needs beyond the event's own time to say that it has passed. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Setting<Endpoint> gateway;

  @Option(
      names = "--data",
      paramLabel = "TEXT|@FILE|@-",
      description = "What to send along: a text, a file's content, or standard input.")
  private String data = "";

  @Option(
      names = "--type",
      paramLabel = "MIME",
      description = {
        "The media type of the data",
        "(default text/plain; charset=utf-8, of a file application/octet-stream)"
      })
  private String type = "";

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long the call may take; default 30.")
  private double timeout = 30;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file with an access token, for a gateway that asks who calls.")
  private @Nullable Path tokenFile;

  Call(Terminal terminal, Setting<Endpoint> gateway, NodeRole role) {
    super(terminal, declared(gateway), List.of(), role);
    this.gateway = gateway;
  }

  static List<Setting<?>> declared(Setting<Endpoint> gateway) {
    var all = new ArrayList<Setting<?>>(CallerSettings.ALL);
    all.add(0, gateway);
    return all;
  }

  /** {@code rp-server call CLIENT VERB PATH}. */
  @Command(
      description = {
        "Calls a client through the server's gateway, and prints what it answers.",
        "The exit status is 0 only where the call was answered with return code 0."
      })
  static final class OnServer extends Call {

    @Parameters(index = "0", paramLabel = "CLIENT", description = "The client's name.")
    private String client = "";

    @Parameters(index = "1", paramLabel = "VERB", description = "GET, POST, PUT, …")
    private String verb = "";

    @Parameters(
        index = "2",
        paramLabel = "PATH",
        description = "NOUN[//P1/P2…][?query], as in a URL.")
    private String path = "";

    OnServer(Terminal terminal) {
      super(terminal, ServerSettings.GATEWAY, NodeRole.SERVER);
    }

    @Override
    int run(Settings settings) throws CommandException, IOException {
      return call(settings, "/client/" + GatewayRequest.segment(client), verb, path);
    }
  }

  /** {@code rp-client call VERB PATH}. */
  @Command(
      description = {
        "Calls the server through the client's gateway, and prints what it answers.",
        "The exit status is 0 only where the call was answered with return code 0."
      })
  static final class OnClient extends Call {

    @Parameters(index = "0", paramLabel = "VERB", description = "GET, POST, PUT, …")
    private String verb = "";

    @Parameters(
        index = "1",
        paramLabel = "PATH",
        description = "NOUN[//P1/P2…][?query], as in a URL.")
    private String path = "";

    OnClient(Terminal terminal) {
      super(terminal, ClientSettings.GATEWAY, NodeRole.CLIENT);
    }

    @Override
    int run(Settings settings) throws CommandException, IOException {
      return call(settings, "/server", verb, path);
    }
  }

  final int call(Settings settings, String peer, String verb, String path)
      throws CommandException, IOException {
    Duration patience = patience();
    // A path may be given as in the URL, with the slash that parts it from the name.
    boolean slash = path.startsWith("/") && !path.startsWith("//");
    var request = new GatewayRequest(verb(verb), peer + (slash ? "" : "/") + path);
    request.header("X-Event-Timeout", seconds(patience));
    addContent(request);
    var local = new LocalGateway(settings.get(gateway), settings.origin(gateway));
    Duration most = patience.plus(GRACE);
    try (var caller = new CallerCredentials(terminal(), settings, local, most, tokenFile)) {
      caller.addTo(request);
      return local.exchange(request, most, this::show);
    }
  }

  private Duration patience() throws CommandException {
    // Written so that "not a number" is refused, too.
    if (!(timeout >= 0.001 && timeout <= 86400)) {
      throw new CommandException(
          ExitCode.USAGE,
          "--timeout = " + timeout + ": must be a number of seconds from 0.001 to 86400");
    }
    return Duration.ofMillis(Math.round(timeout * 1000));
  }

  private static String seconds(Duration duration) {
    return duration.toSeconds() + String.format(Locale.ROOT, ".%03d", duration.toMillisPart());
  }

  private static String verb(String verb) throws CommandException {
    try {
      return Verb.valueOf(verb.toUpperCase(Locale.ROOT)).name();
    } catch (IllegalArgumentException unknown) {
      throw new CommandException(
          ExitCode.USAGE,
          "VERB = " + verb + ": must be GET, HEAD, POST, PUT, DELETE, PATCH or OPTIONS",
          unknown);
    }
  }

  private void addContent(GatewayRequest request) throws CommandException {
    if (data.isEmpty()) {
      return;
    }
    boolean file = data.startsWith("@");
    if (!type.isEmpty() && !type.matches("[\\x20-\\x7e]+")) {
      throw new CommandException(
          ExitCode.USAGE, "--type must be a media type such as application/json");
    }
    String usual = file ? "application/octet-stream" : "text/plain; charset=utf-8";
    request.header("Content-Type", type.isEmpty() ? usual : type);
    request.content(
        file
            ? content(data.substring(1))
            : GatewayRequest.Content.of(data.getBytes(StandardCharsets.UTF_8)));
  }

  private GatewayRequest.Content content(String file) throws CommandException {
    if (file.equals("-")) {
      return new GatewayRequest.Content(terminal().in(), -1);
    }
    try {
      return GatewayRequest.Content.of(Path.of(file));
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new CommandException(
          ExitCode.USAGE, "--data: the file cannot be read: " + file, unreadable);
    }
  }

  private int show(GatewayAnswer answer) throws CommandException, IOException {
    String code = answer.header("x-event-return-code");
    if (code.isEmpty() && answer.status() >= 400) {
      throw LocalGateway.refused(answer);
    }
    try (InputStream body = answer.body()) {
      body.transferTo(terminal().out());
    }
    terminal().out().flush();
    if (answer.status() < 400 && (code.isEmpty() || code.equals("0"))) {
      return ExitCode.OK;
    }
    throw new CommandException(ExitCode.FAILURE, failure(code, answer.status()));
  }

  private static String failure(String code, int status) {
    return switch (code) {
      case "251" -> "the handler failed (return code 251, HTTP status " + status + ")";
      case "255" -> "the peer has no handler for this verb and noun (return code 255)";
      default -> "the handler answered with return code " + code + " (HTTP status " + status + ")";
    };
  }
}
