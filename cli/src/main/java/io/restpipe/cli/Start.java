package io.restpipe.cli;

import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.metrics.NodeMetrics;
import io.restpipe.metrics.StatsdAddress;
import io.restpipe.metrics.StatsdReporter;
import io.restpipe.node.NodeBuilder;
import io.restpipe.node.NodeStartException;
import io.restpipe.security.Identity;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PeerName;
import io.restpipe.security.SecurityLog;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code start}: runs a node in the foreground until the process is told to stop. */
@Command(sortOptions = false)
abstract class Start extends SettingsCommand {

  private final Lifetime lifetime;
  private volatile Runnable alsoOnHangUp = () -> {};
  private final List<Setting<?>> declared;
  private @Nullable SecurityLogging security;

  /** Of a demonstration: its nodes must not outlive it. */
  @Option(names = "--end-with-parent", hidden = true)
  private boolean endWithParent;

  Start(Terminal terminal, Lifetime lifetime, List<Setting<?>> declared, NodeRole role) {
    super(terminal, declared, CommonSettings.RULES, role);
    this.lifetime = lifetime;
    this.declared = declared;
  }

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
    SecurityLogging logging = SecurityLogging.open(settings);
    security = logging;
    // Before the node says that it is ready: from then on it may be told to reload.
    Reload reload = reload(settings, logging.log());
    Runnable stop;
    try {
      stop = started(settings, classes, metrics);
    } catch (CommandException | RuntimeException refused) {
      logging.close();
      throw refused;
    }
    lifetime.await(
        () -> {
          reload.close();
          stop.run();
          logging.close();
          if (reporter != null) {
            reporter.close();
          }
        });
    return ExitCode.OK;
  }

  /** Reads the settings again on SIGHUP, and where wanted when their files change. */
  private Reload reload(Settings settings, SecurityLog log) throws CommandException {
    var reload =
        new Reload(
            files().sources(),
            settings,
            declared,
            this::resolve,
            changed -> Logging.change(changed.get(CommonSettings.DEBUG)),
            log);
    HangUp.handle(
        () -> {
          reload.now();
          alsoOnHangUp.run();
        });
    if (settings.get(CommonSettings.WATCH)) {
      reload.whenFilesChange();
    }
    return reload;
  }

  /** What else a node that runs does on SIGHUP. */
  final void alsoOnHangUp(Runnable action) {
    alsoOnHangUp = action;
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

  /** Where a node with that identity, and what stands beside it, tells security events. */
  final SecurityLog securityLog(Identity identity) {
    if (security == null) {
      return SecurityLog.NONE;
    }
    security.node(PeerName.of(identity.certificate()).orElse(""));
    return security.log();
  }

  /** Where the gateways listen, for the line that says so. */
  static String said(List<String> gateways) {
    return gateways.isEmpty() ? "none" : String.join(", ", gateways);
  }

  /** What both kinds of node are told. */
  static <B extends NodeBuilder<B>> B common(B builder, Settings settings, NodeMetrics metrics) {
    settings.find(CommonSettings.INSTANCE).ifPresent(builder::instance);
    LegacySettings.toNode(builder, settings);
    return builder
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
