package io.restpipe.cli;

import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.NodeRole;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code set-identity KEY CRT CA}: checks an identity, then puts it in its place. */
@Command(
    sortOptions = false,
    description = {
      "Checks an identity, and installs it.",
      "Key, certificate and authority (PEM files) are put where the node looks for them.",
      "Nothing is replaced where something is wrong."
    })
final class SetIdentity extends SettingsCommand {

  private final NodeRole role;

  @Parameters(
      index = "0",
      paramLabel = "KEY",
      description = "The private key; one with a passphrase needs RP_KEY_PASSPHRASE_FILE.")
  private Path key = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "CRT",
      description = "The node's certificate, and after it the intermediate ones.")
  private Path certificate = Path.of("");

  @Parameters(
      index = "2",
      paramLabel = "CA",
      description = "The certificate of the authority that the node trusts.")
  private Path authority = Path.of("");

  SetIdentity(Terminal terminal, NodeRole role) {
    super(terminal, settings(role), List.of(), role);
    this.role = role;
  }

  private static List<Setting<?>> settings(NodeRole role) {
    return role == NodeRole.SERVER ? ServerSettings.IDENTITY : ClientSettings.IDENTITY;
  }

  @Override
  int run(Settings settings) throws CommandException {
    IdentityFiles target = InstalledIdentity.files(settings, role);
    try {
      new IdentityFiles(role, key, certificate, authority)
          .install(target, Instant.now(), InstalledIdentity.passphrases(settings));
    } catch (IOException unwritable) {
      throw new CommandException(
          ExitCode.IDENTITY,
          "the identity cannot be written to "
              + target.key().toAbsolutePath().getParent()
              + ": "
              + Sentence.of(unwritable)
              + ". Run this as a user who may, or choose another folder with --cert-path",
          unwritable);
    }
    terminal().say("installed " + target.key());
    terminal().say("installed " + target.chain());
    terminal().say("installed " + target.trustAnchors());
    return ExitCode.OK;
  }
}
