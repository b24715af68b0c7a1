package io.restpipe.cli;

import io.restpipe.config.Endpoint;
import io.restpipe.config.Settings;
import io.restpipe.event.ClientEventHandler;
import io.restpipe.event.PeerInfo;
import io.restpipe.metrics.NodeMetrics;
import io.restpipe.node.ClientNode;
import io.restpipe.pipe.ClientListener;
import io.restpipe.security.Identity;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PeerName;
import io.restpipe.security.SecurityLog;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code rp-client start}. */
@Command(
    description = {
      "Runs the client in the foreground until it is told to stop.",
      "Says \"rp-client ready: gateway http://HOST:PORT\" at once, and",
      "\"rp-client connected: HOST:PORT as NAME\" each time that it is connected."
    })
final class StartClient extends Start {

  StartClient(Terminal terminal, Lifetime lifetime) {
    super(terminal, lifetime, ClientSettings.ALL, NodeRole.CLIENT);
  }

  @Override
  Runnable start(Settings settings, UserClasses classes, NodeMetrics metrics)
      throws CommandException {
    Optional<ClientEventHandler> handler =
        classes.make(CommonSettings.EVENT_HANDLER, ClientEventHandler.class);
    Identity identity = InstalledIdentity.load(settings, NodeRole.CLIENT);
    var target =
        new Endpoint.Tcp(
            settings.get(ClientSettings.TARGET_HOSTNAME), settings.get(ClientSettings.TARGET_PORT));
    var announcer = new Announcer(target + " as " + PeerName.of(identity.certificate()).orElse(""));
    SecurityLog log = securityLog(identity);
    ClientNode.Builder builder =
        ClientNode.builder(identity)
            .securityLog(log)
            .server(target.host(), target.port())
            .handler(handler.orElseGet(TimeAndCatOfClient::new))
            .listener(announcer)
            .heartbeatInterval(settings.get(ClientSettings.HEARTBEAT_INTERVAL));
    LegacySettings.toClient(builder, settings);
    settings.find(ClientSettings.HEARTBEAT_TIMEOUT).ifPresent(builder::heartbeatTimeout);
    classes.make(ClientSettings.LISTENER, ClientListener.class).ifPresent(builder::listener);
    IdentityFollowing.set(builder, settings, NodeRole.CLIENT);
    Gateways gateways =
        Gateways.open(
            settings,
            configuration(),
            NodeRole.CLIENT,
            ClientSettings.GATEWAY,
            Logins.verifying(settings));
    gateways.give(builder, ClientSettings.POLICY, log);
    ClientNode node = started(common(builder, settings, metrics), gateways);
    alsoOnHangUp(
        () -> {
          node.reloadIdentity();
          gateways.reload();
        });
    terminal().say("rp-client ready: gateway " + said(node.gatewayAddresses()));
    announcer.ready.countDown();
    return () -> {
      node.close();
      gateways.close();
    };
  }

  private static ClientNode started(ClientNode.Builder builder, Gateways gateways) {
    try {
      return builder.start();
    } catch (RuntimeException refused) {
      gateways.close();
      throw refused;
    }
  }

  /** Says when the client is connected, after it said that it is ready. */
  private final class Announcer implements ClientListener {

    private final String connection;
    private final CountDownLatch ready = new CountDownLatch(1);

    Announcer(String connection) {
      this.connection = connection;
    }

    @Override
    public void connectSuccess(
        PeerInfo server, int retryAttempts, @Nullable Instant lastDisconnected) {
      try {
        ready.await();
        terminal().say("rp-client connected: " + connection);
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
