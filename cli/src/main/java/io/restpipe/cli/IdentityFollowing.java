package io.restpipe.cli;

import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.node.NodeBuilder;
import io.restpipe.security.NodeRole;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Lets a node follow its identity's files, and the lists of revoked certificates beside them. */
final class IdentityFollowing {

  private static final String USUAL_LIST = "ca.crl.pem";

  private IdentityFollowing() {}

  static void set(NodeBuilder<?> builder, Settings settings, NodeRole role)
      throws CommandException {
    builder.identityFiles(
        InstalledIdentity.files(settings, role), InstalledIdentity.passphrases(settings));
    for (Path list : lists(settings, role)) {
      builder.revocationList(list);
    }
  }

  /**
   * The files with lists of revoked certificates. One that is named has to be there; the usual one
   * may come later.
   */
  static List<Path> lists(Settings settings, NodeRole role) throws CommandException {
    Setting<Path> folder =
        role == NodeRole.SERVER ? ServerSettings.CERT_PATH : ClientSettings.CERT_PATH;
    Path base = settings.get(folder);
    Optional<List<String>> named = settings.find(CommonSettings.CRL_FILENAMES);
    if (named.isEmpty()) {
      return List.of(base.resolve(USUAL_LIST));
    }
    List<Path> lists = named.orElseThrow().stream().map(base::resolve).toList();
    for (Path list : lists) {
      if (Files.notExists(list)) {
        throw new CommandException(
            ExitCode.IDENTITY,
            settings
                .problem(CommonSettings.CRL_FILENAMES, list + " does not exist: put it there")
                .toString());
      }
    }
    return lists;
  }
}
