package io.restpipe.cli;

import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.security.Identity;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PassphraseSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** The identity that a node starts with, where its settings say it is. */
final class InstalledIdentity {

  private InstalledIdentity() {}

  /** The files, there or not. */
  static IdentityFiles files(Settings settings, NodeRole role) {
    boolean server = role == NodeRole.SERVER;
    Path folder = settings.get(folder(role));
    return new IdentityFiles(
        role,
        folder.resolve(
            settings.get(server ? ServerSettings.KEY_FILENAME : ClientSettings.KEY_FILENAME)),
        folder.resolve(
            settings.get(server ? ServerSettings.CRT_FILENAME : ClientSettings.CRT_FILENAME)),
        folder.resolve(settings.get(CommonSettings.CA_CRT_FILENAME)));
  }

  /** That of the node's key. */
  static PassphraseSource passphrases(Settings settings) {
    return Passphrases.of(settings, CommonSettings.KEY_PASSPHRASE);
  }

  private static Setting<Path> folder(NodeRole role) {
    return role == NodeRole.SERVER ? ServerSettings.CERT_PATH : ClientSettings.CERT_PATH;
  }

  /** The identity, checked. */
  static Identity load(Settings settings, NodeRole role) throws CommandException {
    IdentityFiles files = files(settings, role);
    if (Files.notExists(files.key()) && Files.notExists(files.chain())) {
      Setting<Path> folder = folder(role);
      throw new CommandException(
          ExitCode.IDENTITY,
          "there is no identity in "
              + settings.get(folder)
              + " ("
              + settings.origin(folder)
              + "): install one with rp-"
              + role
              + " set-identity KEY CRT CA, or say where it is with --cert-path or "
              + folder.environment().get(0));
    }
    return files.loadChecked(Instant.now(), passphrases(settings));
  }
}
