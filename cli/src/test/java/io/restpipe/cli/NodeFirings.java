package io.restpipe.cli;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.config.Configuration;
import io.restpipe.config.Settings;
import io.restpipe.gateway.GatewayListener;
import io.restpipe.node.ClientNode;
import io.restpipe.node.ServerNode;
import io.restpipe.security.NodeRole;
import io.restpipe.security.QueuedSecurityLog;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Makes real nodes, or what else is real, tell of each kind of event that they tell of. */
final class NodeFirings {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  static final CertificateAuthority AUTHORITY = CertificateAuthority.inMemory("Test CA");

  static final Map<SecurityEventKind, SecurityEventsPageTest.Firing> ALL = all();

  private NodeFirings() {}

  private static Map<SecurityEventKind, SecurityEventsPageTest.Firing> all() {
    var all =
        new EnumMap<SecurityEventKind, SecurityEventsPageTest.Firing>(SecurityEventKind.class);
    all.put(SecurityEventKind.NODE_STARTED, log -> server(log).close());
    all.put(SecurityEventKind.NODE_STOPPED, log -> server(log).close());
    all.put(SecurityEventKind.PEER_CONNECTED, NodeFirings::connects);
    all.put(SecurityEventKind.PEER_DISCONNECTED, NodeFirings::connects);
    all.put(SecurityEventKind.PEER_REPLACED, NodeFirings::replaces);
    all.put(SecurityEventKind.HANDSHAKE_REFUSED, NodeFirings::showsNoCertificate);
    all.put(SecurityEventKind.FRAME_MALFORMED, NodeFirings::sendsNoFrames);
    all.put(SecurityEventKind.ACCESS_DENIED, NodeFirings::callsFromAnotherSite);
    all.put(SecurityEventKind.LIMIT_HIT, NodeFirings::isOneTooMany);
    all.put(SecurityEventKind.CONFIGURATION_RELOADED, log -> reloads(log, "debug = 1"));
    all.put(SecurityEventKind.CONFIGURATION_REFUSED, log -> reloads(log, "debug = perhaps"));
    all.put(SecurityEventKind.EVENTS_LOST, NodeFirings::losesEvents);
    return all;
  }

  static ServerNode server(SecurityLog log) {
    return builder(log).start();
  }

  static ServerNode server(SecurityLog log, GatewayListener.Builder gateway) {
    return builder(log, gateway).start();
  }

  static ServerNode.Builder builder(SecurityLog log) {
    return builder(log, GatewayListener.at("127.0.0.1:0"));
  }

  static ServerNode.Builder builder(SecurityLog log, GatewayListener.Builder gateway) {
    return ServerNode.builder(AUTHORITY.identity("localhost", NodeRole.SERVER))
        .bind("127.0.0.1", 0)
        .gateway(gateway.build())
        .maxConnections(2)
        .hardShutdownInterval(Duration.ofMillis(200))
        .securityLog(log);
  }

  static ClientNode client(ServerNode server, String name, String instance) throws Exception {
    ClientNode client =
        ClientNode.builder(AUTHORITY.identity(name, NodeRole.CLIENT))
            .server("localhost", server.address().getPort())
            .instance(instance)
            .hardShutdownInterval(Duration.ofMillis(200))
            .start();
    return client;
  }

  private static void connects(SecurityLog log) throws Exception {
    try (ServerNode server = server(log);
        ClientNode client = client(server, "alpha", "one")) {
      client.awaitConnected(PATIENCE);
    }
  }

  private static void replaces(SecurityLog log) throws Exception {
    try (ServerNode server = server(log);
        ClientNode client = client(server, "alpha", "one")) {
      client.awaitConnected(PATIENCE);
      try (ClientNode again = client(server, "alpha", "one")) {
        again.awaitConnected(PATIENCE);
      }
    }
  }

  private static void isOneTooMany(SecurityLog log) throws Exception {
    try (ServerNode server = server(log);
        ClientNode one = client(server, "alpha", "one");
        ClientNode two = client(server, "beta", "two")) {
      one.awaitConnected(PATIENCE);
      two.awaitConnected(PATIENCE);
      var told = new CountDownLatch(1);
      try (ClientNode three =
          ClientNode.builder(AUTHORITY.identity("gamma", NodeRole.CLIENT))
              .server("localhost", server.address().getPort())
              .listener(new FailureListener(told))
              .start()) {
        told.await();
      }
    }
  }

  private static void showsNoCertificate(SecurityLog log) throws Exception {
    try (ServerNode server = server(log)) {
      try (var raw = new RawTls(server.address().getPort(), null, AUTHORITY)) {
        raw.readToEnd();
      } catch (IOException refused) {
        // As it should be.
      }
    }
  }

  private static void sendsNoFrames(SecurityLog log) throws Exception {
    try (ServerNode server = server(log);
        var raw =
            new RawTls(
                server.address().getPort(),
                AUTHORITY.identity("alpha", NodeRole.CLIENT),
                AUTHORITY)) {
      raw.write(new byte[] {0x7f, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1, 2, 3});
      raw.readToEnd();
    }
  }

  private static void callsFromAnotherSite(SecurityLog log) throws Exception {
    try (ServerNode server = server(log)) {
      HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(
                      URI.create(server.gatewayAddress().orElseThrow() + "/client/alpha/time"))
                  .header("Sec-Fetch-Site", "cross-site")
                  .header("User-Agent", "Mozilla/5.0 (X11; Linux)")
                  .build(),
              BodyHandlers.discarding());
    }
  }

  private static void reloads(SecurityLog log, String line) throws Exception {
    Path file = Files.createTempFile("rp-server", ".ini");
    try {
      Settings started = Settings.of(ServerSettings.ALL).resolve();
      try (var reload =
          new Reload(
              Configuration.from().file(file),
              started,
              ServerSettings.ALL,
              read -> Settings.of(ServerSettings.ALL).configuration(read).resolve(),
              changed -> {},
              log)) {
        Files.writeString(file, "[log]\n" + line + "\n");
        reload.now();
      }
    } finally {
      Files.delete(file);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException given) {
      Thread.currentThread().interrupt();
    }
  }

  private static void losesEvents(SecurityLog log) throws Exception {
    var go = new CountDownLatch(1);
    var busy = new CountDownLatch(1);
    SecurityLog slow =
        event -> {
          busy.countDown();
          awaitQuietly(go);
          if (event.kind() == SecurityEventKind.EVENTS_LOST) {
            log.log(event);
          }
        };
    try (var queue = new QueuedSecurityLog(slow, PATIENCE)) {
      SecurityEvent event = SecurityEvent.builder(SecurityEventKind.LIMIT_HIT).build();
      queue.log(event);
      busy.await();
      for (int i = 0; i < QueuedSecurityLog.CAPACITY + 3; i++) {
        queue.log(event);
      }
      go.countDown();
    }
  }
}
