package io.restpipe.cli;

import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.node.ClientNode;
import io.restpipe.node.NodeStartException;
import io.restpipe.security.AtomicFile;
import io.restpipe.security.EnrollmentException;
import io.restpipe.security.Identity;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.JoinLine;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PeerName;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rp-client join LINE}: from a new machine to a client that connects. */
@Command(
    sortOptions = false,
    description = {
      "Makes this machine a client of the server that made the line.",
      "Makes a key here, proves the server by the line, gets a certificate, installs both, and",
      "connects once to see that all is well. The key never leaves this machine."
    })
final class JoinCommand extends SettingsCommand {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Parameters(
      arity = "1..*",
      paramLabel = "LINE",
      description = {
        "What rp-server token create printed.",
        "With - it is read from the standard input, and so stays out of the shell's history."
      })
  private List<String> words = List.of();

  @Option(
      names = "--replace",
      description = "Replaces the identity that is installed here; without it, none is replaced.")
  private boolean replace;

  JoinCommand(Terminal terminal) {
    super(terminal, settings(), List.of(), NodeRole.CLIENT);
  }

  private static List<Setting<?>> settings() {
    var settings = new ArrayList<Setting<?>>(ClientSettings.IDENTITY);
    settings.add(CommonSettings.KEY_PASSPHRASE);
    settings.add(ClientSettings.TARGET_HOSTNAME);
    settings.add(ClientSettings.TARGET_PORT);
    settings.addAll(CefSettings.ALL);
    return settings;
  }

  @Override
  int run(Settings settings) throws CommandException, InterruptedException {
    try (SecurityLogging security = SecurityLogging.open(settings)) {
      return run(settings, security.log());
    }
  }

  private int run(Settings settings, SecurityLog security)
      throws CommandException, InterruptedException {
    JoinLine line = line(security);
    IdentityFiles files = InstalledIdentity.files(settings, NodeRole.CLIENT);
    if (Files.exists(files.key()) && !replace) {
      throw new CommandException(
          ExitCode.IDENTITY,
          files.key()
              + ": an identity is installed here already; give --replace to join with a new one,"
              + " or --cert-path for another folder");
    }
    Identity identity = join(line, security);
    install(identity, files, settings);
    String name = PeerName.of(identity.certificate()).orElse("");
    terminal().say("joined as " + name + ", certificate until " + end(identity));
    remember(line, settings);
    connect(line, identity, name);
    return ExitCode.OK;
  }

  private JoinLine line(SecurityLog security) throws CommandException {
    try {
      return JoinLine.parse(words.equals(List.of("-")) ? input() : String.join(" ", words));
    } catch (IllegalArgumentException unusable) {
      refused(security, SecurityEventKind.TOKEN_REFUSED, unusable);
      throw new CommandException(ExitCode.USAGE, String.valueOf(unusable.getMessage()), unusable);
    }
  }

  private String input() throws CommandException {
    var reader = new BufferedReader(new InputStreamReader(terminal().in(), StandardCharsets.UTF_8));
    try {
      String line = reader.readLine();
      return line == null ? "" : line;
    } catch (IOException unreadable) {
      throw new CommandException(
          ExitCode.USAGE, "the line can't be read from the standard input", unreadable);
    }
  }

  private static Identity join(JoinLine line, SecurityLog security) throws CommandException {
    try {
      return ClientNode.join(line, PATIENCE);
    } catch (EnrollmentException refused) {
      refused(security, SecurityEventKind.TOKEN_REFUSED, refused);
      throw new CommandException(
          ExitCode.IDENTITY,
          "the server refuses (" + refused.reason() + "): " + refused.getMessage(),
          refused);
    } catch (IOException failed) {
      if (failed.getCause() instanceof SSLException) {
        refused(security, SecurityEventKind.HANDSHAKE_REFUSED, failed);
      }
      throw new CommandException(ExitCode.NO_REPLY, String.valueOf(failed.getMessage()), failed);
    }
  }

  /** The server cannot tell of a token that never reached it. */
  private static void refused(SecurityLog security, SecurityEventKind kind, Exception why) {
    security.log(SecurityEvent.builder(kind).reason(why.getMessage()).build());
  }

  private static void install(Identity identity, IdentityFiles files, Settings settings)
      throws CommandException {
    try {
      files.write(identity, InstalledIdentity.passphrases(settings));
    } catch (IOException unwritable) {
      throw new CommandException(
          ExitCode.IDENTITY,
          "the identity cannot be written to "
              + files.key().toAbsolutePath().getParent()
              + ": "
              + Sentence.of(unwritable)
              + ". The token is used up: make another one, then run this as a user who may, or with"
              + " --cert-path",
          unwritable);
    }
  }

  /** So that {@code start} needs no more than the folder. */
  private void remember(JoinLine line, Settings settings) throws CommandException {
    Path file = files().instanceFile();
    boolean known =
        settings.get(ClientSettings.TARGET_HOSTNAME).equals(line.host())
            && settings.get(ClientSettings.TARGET_PORT) == line.port();
    if (known) {
      return;
    }
    String text =
        "# Where rp-client join found the server.\n[client]\ntarget_hostname = %s\ntarget_port = %d\n"
            .formatted(line.host(), line.port());
    try (AtomicFile written =
        AtomicFile.prepare(
            file, text.getBytes(StandardCharsets.UTF_8), AtomicFile.Access.EVERYONE)) {
      if (Files.exists(file)) {
        terminal()
            .say(
                "note: %s is there already: set target_hostname = %s and target_port = %d in its section [client]"
                    .formatted(file, line.host(), line.port()));
      } else {
        written.create();
        terminal().say("wrote " + file);
      }
    } catch (IOException unwritable) {
      terminal()
          .say(
              "note: %s can't be written (%s): start the client with --target-hostname %s --target-port %d"
                  .formatted(file, Sentence.of(unwritable), line.host(), line.port()));
    }
  }

  private void connect(JoinLine line, Identity identity, String name)
      throws CommandException, InterruptedException {
    String place = line.host() + ":" + line.port();
    try (ClientNode node =
        ClientNode.builder(identity)
            .server(line.host(), line.port())
            .hardShutdownInterval(Duration.ofSeconds(1))
            .start()) {
      node.awaitConnected(PATIENCE);
      terminal().say("connected to " + place + " as " + name);
      terminal().say("start the client with: rp-client start");
    } catch (TimeoutException | NodeStartException apart) {
      throw new CommandException(
          ExitCode.NO_REPLY,
          "the identity is installed, but there is no connection to "
              + place
              + " yet; rp-client doctor says more",
          apart);
    }
  }

  private static String end(Identity identity) {
    return identity.certificate().getNotAfter().toInstant().toString();
  }
}
