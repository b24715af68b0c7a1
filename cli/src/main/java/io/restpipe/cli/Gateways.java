package io.restpipe.cli;

import io.restpipe.auth.policy.LivePolicy;
import io.restpipe.auth.policy.PolicyException;
import io.restpipe.config.ConfigException;
import io.restpipe.config.Configuration;
import io.restpipe.config.Endpoint;
import io.restpipe.config.FileWatch;
import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.gateway.GatewayCertificate;
import io.restpipe.gateway.GatewayListener;
import io.restpipe.node.NodeBuilder;
import io.restpipe.security.Authenticator;
import io.restpipe.security.Identity;
import io.restpipe.security.IdentityException;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.NodeRole;
import io.restpipe.security.SecurityLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the settings make of a node's gateways and its policy, and what follows their files. */
final class Gateways implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Gateways.class);

  private static final Duration QUIET = Duration.ofMillis(500);

  private final Settings settings;
  private final NodeRole role;
  private final Logins logins;
  private final List<GatewayListener> listeners = new ArrayList<>();
  private volatile Runnable reload = () -> {};
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private Gateways(Settings settings, NodeRole role, Logins logins) {
    this.settings = settings;
    this.role = role;
    this.logins = logins;
  }

  /**
   * Opens what the settings tell of.
   *
   * @param files where sections for more listeners may be
   * @param gateway the setting of the plain gateway
   * @param logins who callers are, and where they log in; closed with this
   */
  static Gateways open(
      Settings settings,
      Configuration files,
      NodeRole role,
      Setting<Endpoint> gateway,
      Logins logins)
      throws CommandException {
    var gateways = new Gateways(settings, role, logins);
    gateways.opened.push(logins);
    try {
      gateways.plain(settings.get(gateway));
      gateways.https(ListenerSettings.https(settings));
      for (ListenerSettings section : ListenerSettings.sections(settings, files)) {
        gateways.https(section);
      }
      return gateways;
    } catch (CommandException | RuntimeException wrong) {
      gateways.close();
      throw wrong;
    }
  }

  /**
   * Gives a node its gateways, its endpoints and its policy.
   *
   * @param policy the setting of its policy
   */
  void give(NodeBuilder<?> builder, Setting<Path> policy, SecurityLog log) throws CommandException {
    listeners.forEach(builder::gateway);
    logins.endpoints().forEach(builder::endpoint);
    Optional<Path> file = settings.find(policy);
    if (file.isEmpty()) {
      return;
    }
    try {
      LivePolicy live = LivePolicy.open(file.orElseThrow(), role, log);
      opened.push(live);
      builder.authorizer(live);
      reload = live::reload;
    } catch (PolicyException wrong) {
      close();
      throw new CommandException(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
    }
  }

  /** Reads the policy again, as SIGHUP asks for. */
  void reload() {
    reload.run();
  }

  /** Where to listen, and whom to let in there. */
  List<GatewayListener> listeners() {
    return listeners;
  }

  private void plain(Endpoint address) throws CommandException {
    List<GatewaySettings.Way> ways =
        settings.find(GatewaySettings.AUTHENTICATION).orElse(List.of());
    for (GatewaySettings.Way way : ways) {
      if (way == GatewaySettings.Way.CERTIFICATE
          || way == GatewaySettings.Way.CERTIFICATE_REQUIRED) {
        throw wrong(
            GatewaySettings.AUTHENTICATION,
            "must be basic or token: certificates are shown over HTTPS only (https.listen)");
      }
    }
    ListenerSettings same = ListenerSettings.https(settings);
    listeners.add(listener(address.toString(), ways, same, GatewaySettings.AUTHENTICATION).build());
  }

  private void https(ListenerSettings of) throws CommandException {
    if (of.listen().isEmpty()) {
      return;
    }
    Setting<?> setting = of.authenticationSetting();
    List<GatewaySettings.Way> ways = of.authentication().orElseGet(this::allThatIsSetUp);
    if (ways.isEmpty() && !settings.get(CommonSettings.DEV)) {
      throw of.wrong(
          setting,
          "must say how callers are known: certificate, or basic and token where users or keys are"
              + " set up");
    }
    GatewayCertificate certificate = certificate(of);
    for (Endpoint.Tcp address : of.listen()) {
      GatewayListener.Builder listener =
          listener(address.toString(), ways, of, setting).https(certificate);
      if (ways.contains(GatewaySettings.Way.CERTIFICATE_REQUIRED)) {
        listener.clientCertificates(GatewayListener.ClientCertificates.REQUIRED);
      } else if (ways.contains(GatewaySettings.Way.CERTIFICATE)) {
        listener.clientCertificates(GatewayListener.ClientCertificates.OPTIONAL);
      }
      listeners.add(listener.build());
    }
  }

  private List<GatewaySettings.Way> allThatIsSetUp() {
    var ways = new ArrayList<GatewaySettings.Way>();
    logins.basic().ifPresent(there -> ways.add(GatewaySettings.Way.BASIC));
    logins.tokens().ifPresent(there -> ways.add(GatewaySettings.Way.TOKEN));
    return ways;
  }

  private GatewayListener.Builder listener(
      String address, List<GatewaySettings.Way> ways, ListenerSettings of, Setting<?> setting)
      throws CommandException {
    try {
      GatewayListener.Builder listener =
          GatewayListener.at(address)
              .origins(of.origins())
              .trustedProxies(of.trustedProxies())
              .openPages(of.openPages());
      of.rateLimit()
          .ifPresent(limit -> listener.rateLimit(limit, of.rateBurst().orElse(2 * limit)));
      of.maxBody().ifPresent(size -> listener.maxBody(size.bytes()));
      if (ways.contains(GatewaySettings.Way.BASIC)) {
        listener.authenticator(
            there(
                logins.basic(),
                of,
                setting,
                "basic",
                role == NodeRole.CLIENT
                    ? "users: a client has none, but takes tokens"
                    : "users (rp-server user add NAME)"));
      }
      if (ways.contains(GatewaySettings.Way.TOKEN)) {
        listener.authenticator(there(logins.tokens(), of, setting, "token", "keys (jwt.…)"));
      }
      return listener;
    } catch (IllegalArgumentException invalid) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(invalid.getMessage()), invalid);
    }
  }

  private static Authenticator there(
      Optional<Authenticator> authenticator,
      ListenerSettings of,
      Setting<?> setting,
      String way,
      String what)
      throws CommandException {
    if (authenticator.isEmpty()) {
      throw of.wrong(setting, "must not have " + way + " in it while there are no " + what);
    }
    return authenticator.orElseThrow();
  }

  private CommandException wrong(Setting<?> setting, String sentence) {
    return new CommandException(ExitCode.USAGE, settings.problem(setting, sentence).toString());
  }

  private GatewayCertificate certificate(ListenerSettings of) throws CommandException {
    IdentityFiles own = InstalledIdentity.files(settings, role);
    var files =
        new IdentityFiles(
            NodeRole.SERVER,
            of.keyFile().orElse(own.key()),
            of.crtFile().orElse(own.chain()),
            of.caFile().orElse(own.trustAnchors()));
    try {
      var certificate = new GatewayCertificate(load(files));
      opened.push(
          FileWatch.start(
              Set.of(files.key(), files.chain(), files.trustAnchors()),
              QUIET,
              () -> replace(certificate, files)));
      return certificate;
    } catch (IdentityException wrong) {
      throw new CommandException(
          ExitCode.IDENTITY, "the certificate for HTTPS: " + wrong.getMessage(), wrong);
    } catch (IllegalArgumentException | ConfigException wrong) {
      throw new CommandException(ExitCode.IDENTITY, String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private Identity load(IdentityFiles files) {
    return files.load(InstalledIdentity.passphrases(settings));
  }

  private void replace(GatewayCertificate certificate, IdentityFiles files) {
    try {
      certificate.replace(load(files));
      LOG.info("the certificate for HTTPS was read again");
    } catch (RuntimeException wrong) {
      LOG.error("the certificate for HTTPS is wrong, the old one stays: {}", wrong.getMessage());
    }
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        // The process ends, and nothing that is closed here holds anything back.
      }
    }
  }
}
