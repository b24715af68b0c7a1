package io.restpipe.cli;

import io.restpipe.config.Endpoint;
import io.restpipe.config.Settings;
import io.restpipe.event.ServerEventHandler;
import io.restpipe.metrics.NodeMetrics;
import io.restpipe.node.ServerNode;
import io.restpipe.pipe.ServerListener;
import io.restpipe.security.Identity;
import io.restpipe.security.NodeRole;
import io.restpipe.security.SecurityLog;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code rp-server start}. */
@Command(
    description = {
      "Runs the server in the foreground until it is told to stop.",
      "Says \"rp-server ready: pipe HOST:PORT, gateway http://HOST:PORT\" when it is."
    })
final class StartServer extends Start {

  /** Where the identities are; a server that may not write there forgets over a restart. */
  private static final String KNOWN_CLIENTS = "restpipe.server.known-clients";

  StartServer(Terminal terminal, Lifetime lifetime) {
    super(terminal, lifetime, ServerSettings.ALL, NodeRole.SERVER);
  }

  @Override
  Runnable start(Settings settings, UserClasses classes, NodeMetrics metrics)
      throws CommandException {
    checkHost(settings);
    Optional<ServerEventHandler> handler =
        classes.make(CommonSettings.EVENT_HANDLER, ServerEventHandler.class);
    Identity identity = InstalledIdentity.load(settings, NodeRole.SERVER);
    SecurityLog log = securityLog(identity);
    ServerNode.Builder builder =
        ServerNode.builder(identity)
            .securityLog(log)
            .bind(
                settings.get(ServerSettings.BIND_INTERFACE), settings.get(ServerSettings.BIND_PORT))
            .handler(handler.orElseGet(TimeAndCatOfServer::new))
            .heartbeatInterval(settings.get(ServerSettings.HEARTBEAT_INTERVAL));
    Path folder = settings.get(ServerSettings.CERT_PATH);
    if (Files.isWritable(folder)) {
      builder.knownClients(folder.resolve(KNOWN_CLIENTS));
    }
    ServerEnrollment.of(settings, log).ifPresent(builder::enrollment);
    ServerEnrollment.revocationFile(settings).ifPresent(builder::revocationList);
    LegacySettings.toServer(builder, settings);
    settings.find(ServerSettings.HEARTBEAT_TIMEOUT).ifPresent(builder::heartbeatTimeout);
    settings.find(ServerSettings.GROUPS).ifPresent(groups -> groups.forEach(builder::group));
    classes.make(ServerSettings.LISTENER, ServerListener.class).ifPresent(builder::listener);
    IdentityFollowing.set(builder, settings, NodeRole.SERVER);
    Gateways gateways =
        Gateways.open(
            settings,
            configuration(),
            NodeRole.SERVER,
            ServerSettings.GATEWAY,
            Logins.open(settings, false, log));
    gateways.give(builder, ServerSettings.POLICY, log);
    ServerNode node = started(common(builder, settings, metrics), gateways);
    alsoOnHangUp(
        () -> {
          node.reloadIdentity();
          gateways.reload();
        });
    // The host as it was set: an IPv6 socket for all interfaces would call 0.0.0.0 something else.
    var pipe =
        new Endpoint.Tcp(settings.get(ServerSettings.BIND_INTERFACE), node.address().getPort());
    terminal().say("rp-server ready: pipe " + pipe + ", gateway " + said(node.gatewayAddresses()));
    return () -> {
      node.close();
      gateways.close();
    };
  }

  private static ServerNode started(ServerNode.Builder builder, Gateways gateways) {
    try {
      return builder.start();
    } catch (RuntimeException refused) {
      gateways.close();
      throw refused;
    }
  }

  private static void checkHost(Settings settings) throws CommandException {
    if (new InetSocketAddress(settings.get(ServerSettings.BIND_INTERFACE), 0).isUnresolved()) {
      throw new CommandException(
          ExitCode.USAGE,
          settings
              .problem(
                  ServerSettings.BIND_INTERFACE,
                  "there is no such host: it must be a name or an address of this machine, or"
                      + " 0.0.0.0 for all of them")
              .toString());
    }
  }
}
