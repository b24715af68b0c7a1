package io.restpipe.cli;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.config.Endpoint;
import io.restpipe.config.Origin;
import io.restpipe.node.ClientNode;
import io.restpipe.node.ServerNode;
import io.restpipe.security.NodeRole;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Goes through what the commands do, so that the JVM can archive the classes that they load. The
 * start scripts run it once after a build.
 */
final class Rehearsal {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Rehearsal() {}

  /** Calls through a server and a client in this process. */
  public static void main(String[] arguments)
      throws CommandException, InterruptedException, TimeoutException {
    Terminal terminal = Terminal.ofProcess();
    Lifetime never = end -> {};
    RpServer.program(terminal, never).run("start", "--help");
    RpClient.program(terminal, never).run("start", "--help");
    RpCa.program(terminal).run("issue", "--help");
    call(terminal);
    // Event loops of others must not keep the JVM.
    System.exit(ExitCode.OK);
  }

  private static void call(Terminal terminal)
      throws CommandException, InterruptedException, TimeoutException {
    var authority = CertificateAuthority.inMemory("Rehearsal");
    try (ServerNode server =
            ServerNode.builder(authority.identity("localhost", NodeRole.SERVER))
                .bind("127.0.0.1", 0)
                .gateway("127.0.0.1:0")
                .handler(new TimeAndCatOfServer())
                .start();
        ClientNode client =
            ClientNode.builder(authority.identity("rehearsal", NodeRole.CLIENT))
                .server("127.0.0.1", server.address().getPort())
                .gateway("127.0.0.1:0")
                .handler(new TimeAndCatOfClient())
                .start()) {
      client.awaitConnected(PATIENCE);
      get(terminal, server.gatewayAddress().orElseThrow(), "/client/rehearsal/time");
      get(terminal, server.gatewayAddress().orElseThrow(), "/__clients__");
      get(terminal, client.gatewayAddress().orElseThrow(), "/server/cat//hello");
    }
  }

  private static void get(Terminal terminal, String gateway, String path) throws CommandException {
    var local =
        new LocalGateway(
            Endpoint.parse(gateway.substring("http://".length())), new Origin.Default());
    local.exchange(
        new GatewayRequest("GET", path),
        PATIENCE,
        answer -> answer.body().transferTo(terminal.out()));
  }
}
