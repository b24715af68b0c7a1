package io.restpipe.cli;

import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.security.CertificateCheck;
import io.restpipe.security.Identity;
import io.restpipe.security.NodeRole;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code rp-server doctor}: whether clients could connect here, and why not. */
@Command(
    sortOptions = false,
    description = {
      "Looks at all that a server needs, a line each, with the remedy where something is wrong.",
      "Changes nothing, and can run beside the server. Ends with 10 if something is wrong."
    })
final class ServerDoctor extends SettingsCommand {

  ServerDoctor(Terminal terminal) {
    super(terminal, settings(), List.of(), NodeRole.SERVER);
  }

  private static List<Setting<?>> settings() {
    var settings =
        new ArrayList<Setting<?>>(
            List.of(
                ServerSettings.BIND_INTERFACE, ServerSettings.BIND_PORT, ServerSettings.GATEWAY));
    settings.addAll(ServerSettings.IDENTITY);
    settings.add(CommonSettings.KEY_PASSPHRASE);
    settings.add(CommonSettings.CRL_FILENAMES);
    return settings;
  }

  @Override
  int run(Settings settings) {
    var findings = new Findings(terminal());
    Optional<Identity> identity =
        new IdentityExamination(settings, NodeRole.SERVER, findings).run();
    identity.ifPresent(one -> names(one, findings));
    boolean runs =
        new GatewayExamination(settings, ServerSettings.GATEWAY, "rp-server", findings).run();
    port(settings, runs, identity, findings);
    return findings.exitCode();
  }

  /** Clients dial one of these, and check it. */
  private static void names(Identity identity, Findings findings) {
    List<String> names = PipeExamination.names(identity.certificate());
    if (names.isEmpty()) {
      findings.wrong(
          "name",
          "the certificate names no host: no client will trust it",
          "rp-ca issue --server --dns HOST");
    }
    for (String name : names) {
      if (name.startsWith("*.")) {
        continue;
      }
      try {
        findings.good(
            "name",
            name
                + " is "
                + Arrays.stream(InetAddress.getAllByName(name))
                    .map(InetAddress::getHostAddress)
                    .collect(Collectors.joining(", ")));
      } catch (UnknownHostException unknown) {
        findings.warn(
            "name",
            name + " is not known to this machine's resolver",
            "make sure that clients find it");
      }
    }
  }

  private void port(
      Settings settings, boolean runs, Optional<Identity> identity, Findings findings) {
    String host = settings.get(ServerSettings.BIND_INTERFACE);
    int port = settings.get(ServerSettings.BIND_PORT);
    if (port == 0) {
      findings.warn("port", "any free port: no client can know it", "set --bind-port");
      return;
    }
    try (var socket = new ServerSocket(port, 1, InetAddress.getByName(host))) {
      if (runs) {
        findings.wrong(
            "port",
            "rp-server runs, but nothing listens on " + host + ":" + socket.getLocalPort(),
            "does it run with other settings?");
      } else {
        findings.good("port", "rp-server does not run; " + host + ":" + port + " is free");
      }
    } catch (UnknownHostException unknown) {
      findings.wrong(
          "port", host + " is no address of this machine", "set --bind-interface 0.0.0.0");
    } catch (IOException taken) {
      taken(host, port, identity, findings, taken);
    }
  }

  private static void taken(
      String host, int port, Optional<Identity> identity, Findings findings, IOException taken) {
    String near = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
    try {
      X509Certificate shown = new TlsProbe(new InetSocketAddress(near, port), near).shown().get(0);
      String subject = CertificateCheck.name(shown.getSubjectX500Principal());
      if (identity.isPresent() && !shown.equals(identity.orElseThrow().certificate())) {
        findings.warn(
            "port",
            "what runs on " + host + ":" + port + " shows another certificate (" + subject + ")",
            "is that rp-server, and were its files changed a moment ago?");
      } else {
        findings.good("port", host + ":" + port + " answers with " + subject);
      }
    } catch (IOException noTls) {
      findings.wrong(
          "port",
          host + ":" + port + " can't be had: " + taken.getMessage(),
          "stop what has it, or choose another with --bind-port");
    }
  }
}
