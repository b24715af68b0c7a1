package io.restpipe.cli;

import io.restpipe.config.Endpoint;
import io.restpipe.config.Origin;
import io.restpipe.config.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rp-server demo}: a server and a client that call each other, with nothing prepared. */
@Command(
    sortOptions = false,
    description = {
      "Shows a server and a client at work.",
      "Two processes with throw-away identities make four calls,",
      "then stay up for calls of your own until Ctrl-C."
    })
final class Demo extends SettingsCommand {

  private static final Duration CALL_PATIENCE = Duration.ofSeconds(20);

  @Option(names = "--once", description = "Ends after the calls; 0 if all were answered.")
  private boolean once;

  Demo(Terminal terminal) {
    super(terminal, List.of(), List.of());
  }

  /** One call, and what must be answered. */
  private record DemoCall(String gateway, String path, Pattern answer) {}

  @Override
  int run(Settings settings) throws CommandException, InterruptedException {
    try (var stage = new DemoStage(settings.get(CommonSettings.DEBUG))) {
      stage.endWithProcess();
      stage.start(once ? 0 : preferred(7080), once ? 0 : preferred(7081));
      terminal().say("A server and a client are connected: " + stage.pipe() + ".");
      boolean answered = callAll(stage);
      if (once || !answered) {
        return answered ? ExitCode.OK : ExitCode.DEMO;
      }
      terminal().say("");
      terminal().say("They stay up: try these lines, or your own. Ctrl-C ends them.");
      Optional<CommandException> failed = stage.awaitEnd();
      if (failed.isPresent()) {
        throw failed.orElseThrow();
      }
      return ExitCode.OK;
    } catch (IOException failed) {
      throw new CommandException(
          ExitCode.DEMO, "the demonstration cannot be prepared: " + Sentence.of(failed), failed);
    }
  }

  private boolean callAll(DemoStage stage) throws CommandException {
    String server = stage.serverGateway();
    String client = stage.clientGateway();
    String ofClient = "/client/" + DemoStage.CLIENT;
    boolean answered = true;
    terminal().say("");
    terminal().say("The client asks the server:");
    answered &= call(new DemoCall(client, "/server/time", time("server")));
    answered &= call(new DemoCall(client, "/server/cat//hello%20/world", cat("server")));
    terminal().say("");
    terminal().say("The server asks the client:");
    answered &= call(new DemoCall(server, ofClient + "/time", time("client")));
    answered &= call(new DemoCall(server, ofClient + "/cat//hello%20/world", cat("client")));
    return answered;
  }

  private static Pattern time(String who) {
    return Pattern.compile("\\{\"time_from_" + who + "\": \\d+\\.\\d{6}}");
  }

  private static Pattern cat(String who) {
    return Pattern.compile("\\{\"result_from_" + who + "\": \"hello world\"}");
  }

  private boolean call(DemoCall call) throws CommandException {
    terminal().say("  $ curl " + call.gateway() + call.path());
    Endpoint endpoint = Endpoint.parse(call.gateway().substring("http://".length()));
    var gateway = new LocalGateway(endpoint, new Origin.Default());
    return gateway.exchange(
        new GatewayRequest("GET", call.path()), CALL_PATIENCE, answer -> show(call, answer));
  }

  private boolean show(DemoCall call, GatewayAnswer answer) throws IOException {
    try (InputStream body = answer.body()) {
      String text = new String(body.readNBytes(64 * 1024), StandardCharsets.UTF_8);
      terminal().say("  " + text);
      boolean right = answer.status() == 200 && call.answer().matcher(text).matches();
      if (!right) {
        terminal().err().println("  this is not what was expected (HTTP " + answer.status() + ")");
      }
      return right;
    }
  }

  /** The port that the manual names, if it is free: its lines then work as they stand. */
  private static int preferred(int port) {
    try (var probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException taken) {
      return 0;
    }
  }
}
