package io.restpipe.cli;

import io.restpipe.auth.identity.CertificateRegister;
import io.restpipe.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rp-ca crl --dir DIR}: writes the lists of revoked certificates anew. */
@Command(
    sortOptions = false,
    description = {
      "Writes ca.crl.pem anew: one list for each of the authority's keys that is at hand.",
      "revoke does that, too; this is for lists that are about to be out of date."
    })
final class CaCrl extends CaCommand {

  @Option(
      names = "--root-key-dir",
      paramLabel = "DIR",
      description = "The folder of the root's key, if its own list shall be made anew.")
  private @Nullable Path rootKeys;

  CaCrl(Terminal terminal) {
    super(terminal, CaSettings.LIST_LIFETIME);
  }

  @Override
  void work(Settings settings) throws CommandException, IOException {
    CertificateRegister register =
        CertificateRegister.open(
            folder(), rootKeys == null ? folder() : rootKeys, passphrases(settings));
    terminal().say("made " + register.writeRevocations(settings.get(CaSettings.LIST_LIFETIME)));
  }
}
