package io.restpipe.cli;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.restpipe.config.Settings;
import io.restpipe.event.Event;
import io.restpipe.event.Reply;
import io.restpipe.gateway.Gateway;
import io.restpipe.gateway.GatewayListener;
import io.restpipe.gateway.GatewayOptions;
import io.restpipe.gateway.NodeStatus;
import io.restpipe.metrics.NodeMetrics;
import io.restpipe.pipe.Connected;
import io.restpipe.pipe.Peer;
import io.restpipe.pipe.Peers;
import io.restpipe.pipe.PipeException;
import io.restpipe.security.NodeRole;
import io.restpipe.security.SecurityLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;

/** {@code rp-server login}: users log in here, and nodes elsewhere verify the tokens. */
@Command(
    sortOptions = false,
    description = {
      "Runs a login server alone: no pipe, only /auth on the gateways.",
      "Says \"rp-server login ready: http://HOST:PORT\" when it is."
    })
final class LoginServer extends SettingsCommand {

  private final Lifetime lifetime;

  LoginServer(Terminal terminal, Lifetime lifetime) {
    super(terminal, ServerSettings.ALL, List.of(), NodeRole.SERVER);
    this.lifetime = lifetime;
  }

  @Override
  int run(Settings settings) throws CommandException, InterruptedException {
    try (var security = SecurityLogging.open(settings)) {
      return serve(settings, security.log());
    }
  }

  private int serve(Settings settings, SecurityLog log)
      throws CommandException, InterruptedException {
    Logins logins = Logins.open(settings, true, log);
    Gateways gateways =
        Gateways.open(settings, configuration(), NodeRole.SERVER, ServerSettings.GATEWAY, logins);
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    var started = new ArrayList<Gateway>();
    var metrics = new NodeMetrics();
    try {
      GatewayOptions options = options(settings, logins, metrics, log);
      for (GatewayListener listener : gateways.listeners()) {
        listener.requireSafe(settings.get(CommonSettings.DEV));
        started.add(Gateway.start(loops, listener, options, new Nobody(), new Alone(metrics)));
      }
      terminal()
          .say(
              "rp-server login ready: "
                  + Start.said(started.stream().map(Gateway::address).toList()));
      lifetime.await(() -> stop(started, gateways, loops, settings));
      return ExitCode.OK;
    } catch (IOException | IllegalArgumentException refused) {
      stop(started, gateways, loops, settings);
      throw new CommandException(ExitCode.START, String.valueOf(refused.getMessage()), refused);
    }
  }

  private static GatewayOptions options(
      Settings settings, Logins logins, NodeMetrics metrics, SecurityLog log) {
    GatewayOptions.Builder options =
        GatewayOptions.builder()
            .eventTimeout(settings.get(CommonSettings.EVENT_TIMEOUT))
            .accessLog(settings.get(CommonSettings.ACCESS_LOG))
            .securityLog(log)
            .metrics(metrics);
    logins.endpoints().forEach(options::endpoint);
    return options.build();
  }

  private static void stop(
      List<Gateway> started, Gateways gateways, EventLoopGroup loops, Settings settings) {
    Duration patience = settings.get(CommonSettings.HARD_SHUTDOWN);
    started.forEach(gateway -> gateway.close(patience));
    gateways.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** A node without a pipe. */
  private record Alone(NodeMetrics metrics) implements NodeStatus {

    @Override
    public Role role() {
      return Role.SERVER;
    }

    @Override
    public String name() {
      return "login";
    }

    @Override
    public boolean draining() {
      return false;
    }

    @Override
    public List<String> problems() {
      return List.of();
    }

    @Override
    public String metricsText() {
      return metrics.prometheusText();
    }
  }

  /** There is nobody to call. */
  private static final class Nobody implements Peers {

    @Override
    public Peer peer(String name) {
      return new Absent(name);
    }

    @Override
    public List<Connected> connected() {
      return List.of();
    }
  }

  private record Absent(String name) implements Peer {

    @Override
    public boolean connected() {
      return false;
    }

    @Override
    public CompletableFuture<Reply> exchange(Event event) {
      event.body().discard();
      return CompletableFuture.failedFuture(
          new PipeException(
              PipeException.Reason.UNKNOWN_PEER, "this is a login server: it has no clients"));
    }
  }
}
