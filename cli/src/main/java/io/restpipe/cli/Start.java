package io.restpipe.cli;

import io.restpipe.config.Endpoint;
import io.restpipe.config.Rule;
import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.metrics.NodeMetrics;
import io.restpipe.metrics.StatsdAddress;
import io.restpipe.metrics.StatsdReporter;
import io.restpipe.node.NodeBuilder;
import io.restpipe.node.NodeStartException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code start}: runs a node in the foreground until the process is told to stop. */
@Command(sortOptions = false)
abstract class Start extends SettingsCommand {

  private final Lifetime lifetime;

  /** Of a demonstration: its nodes must not outlive it. */
  @Option(names = "--end-with-parent", hidden = true)
  private boolean endWithParent;

  Start(Terminal terminal, Lifetime lifetime, List<Setting<?>> declared) {
    super(terminal, declared, RULES);
    this.lifetime = lifetime;
  }

  private static final List<Rule> RULES = List.of(CommonSettings.STATSD);

  /** Starts the node and says so; gives what stops it. */
  abstract Runnable start(Settings settings, UserClasses classes, NodeMetrics metrics)
      throws CommandException;

  @Override
  final int run(Settings settings) throws CommandException, InterruptedException {
    if (endWithParent) {
      ProcessLifetime.endWithParent(terminal().in());
    }
    var classes = new UserClasses(settings);
    // A node's threads inherit it: libraries of the user look for their classes there.
    Thread.currentThread().setContextClassLoader(classes.loader());
    var metrics = new NodeMetrics();
    StatsdReporter reporter = reporter(settings, metrics);
    Runnable stop = started(settings, classes, metrics);
    lifetime.await(
        () -> {
          stop.run();
          if (reporter != null) {
            reporter.close();
          }
        });
    return ExitCode.OK;
  }

  private static @Nullable StatsdReporter reporter(Settings settings, NodeMetrics metrics) {
    Optional<String> host = settings.get(CommonSettings.STATSD_HOST);
    Optional<Integer> port = settings.get(CommonSettings.STATSD_PORT);
    return host.isEmpty() || port.isEmpty()
        ? null
        : StatsdReporter.start(metrics, new StatsdAddress(host.orElseThrow(), port.orElseThrow()));
  }

  private Runnable started(Settings settings, UserClasses classes, NodeMetrics metrics)
      throws CommandException {
    try {
      return start(settings, classes, metrics);
    } catch (NodeStartException refused) {
      throw new CommandException(ExitCode.START, String.valueOf(refused.getMessage()), refused);
    }
  }

  /** What both kinds of node are told. */
  static <B extends NodeBuilder<B>> B common(
      B builder, Settings settings, Setting<Endpoint> gateway, NodeMetrics metrics) {
    settings.find(CommonSettings.INSTANCE).ifPresent(builder::instance);
    return builder
        .gateway(settings.get(gateway).toString())
        .dev(settings.get(CommonSettings.DEV))
        .metrics(metrics)
        .eventTimeout(settings.get(CommonSettings.EVENT_TIMEOUT))
        .peerWait(settings.get(CommonSettings.PEER_WAIT))
        .gracefulShutdownInterval(settings.get(CommonSettings.GRACEFUL_SHUTDOWN))
        .hardShutdownInterval(settings.get(CommonSettings.HARD_SHUTDOWN))
        .legacyStatus(settings.get(CommonSettings.LEGACY_STATUS))
        .showTracebacks(settings.get(CommonSettings.SHOW_TRACEBACKS))
        .accessLog(settings.get(CommonSettings.ACCESS_LOG));
  }
}
