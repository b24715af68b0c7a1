package io.restpipe.cli;

import io.restpipe.config.Endpoint;
import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The doctor's look at the gateway: a node answers there, or one could. */
final class GatewayExamination {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST_BYTES = 4_096;

  private final Settings settings;
  private final Setting<Endpoint> setting;
  private final String program;
  private final Findings findings;

  GatewayExamination(
      Settings settings, Setting<Endpoint> setting, String program, Findings findings) {
    this.settings = settings;
    this.setting = setting;
    this.program = program;
    this.findings = findings;
  }

  /** Whether a node answers there. */
  boolean run() {
    Endpoint endpoint = settings.get(setting);
    if (endpoint instanceof Endpoint.Tcp tcp && tcp.port() == 0) {
      free(endpoint);
      return false;
    }
    try {
      return new LocalGateway(endpoint, settings.origin(setting))
          .exchange(
              new GatewayRequest("GET", "/__heartbeat__"),
              PATIENCE,
              answer -> {
                heartbeat(endpoint, answer);
                return true;
              });
    } catch (CommandException absent) {
      if (absent.exitCode() == ExitCode.NO_GATEWAY) {
        free(endpoint);
      } else {
        findings.wrong(
            "gateway",
            "what answers at " + endpoint + " is no RestPipe gateway: " + absent.getMessage(),
            "choose another port with --gateway");
      }
      return false;
    }
  }

  private void heartbeat(Endpoint endpoint, GatewayAnswer answer) throws IOException {
    String text = new String(answer.body().readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip();
    if (answer.status() != 200) {
      findings.wrong(
          "gateway",
          program + " runs at " + endpoint + " and says " + answer.status() + ": " + text,
          "the other lines and its log say why");
      return;
    }
    findings.good("gateway", program + " runs at " + endpoint + " and is well");
    text.lines()
        .filter(line -> line.startsWith("warning: "))
        .forEach(
            line ->
                findings.warn("gateway", line.substring("warning: ".length()), "look after it"));
  }

  private void free(Endpoint endpoint) {
    if (!(endpoint instanceof Endpoint.Tcp tcp)) {
      findings.good("gateway", program + " does not run; " + endpoint + " is free");
      return;
    }
    try (var socket = new ServerSocket(tcp.port(), 1, InetAddress.getByName(tcp.host()))) {
      findings.good(
          "gateway", program + " does not run; " + endpoint + " is free" + any(socket, tcp));
    } catch (IOException taken) {
      findings.wrong(
          "gateway",
          endpoint + " can't be had: " + taken.getMessage(),
          "stop what has it, or choose another with --gateway");
    }
  }

  private static String any(ServerSocket socket, Endpoint.Tcp tcp) {
    return tcp.port() == 0 ? " (any port, now " + socket.getLocalPort() + ")" : "";
  }
}
