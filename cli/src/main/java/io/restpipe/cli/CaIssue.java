package io.restpipe.cli;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.auth.identity.Issuance;
import io.restpipe.auth.identity.KeyAlgorithm;
import io.restpipe.config.Settings;
import io.restpipe.security.IdentityFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rp-ca issue NAME --server|--client --dir DIR}: makes a key and a certificate. */
@Command(
    sortOptions = false,
    description = {
      "Makes a key and a certificate for a node, or for several.",
      "They are NAME.key.pem and NAME.crt.pem: install them on the node's machine with",
      "rp-server set-identity or rp-client set-identity."
    })
final class CaIssue extends CaCommand {

  @Parameters(
      index = "0..*",
      arity = "1..*",
      paramLabel = "NAME",
      description = "The node's name on the pipe.")
  private List<String> names = new ArrayList<>();

  @ArgGroup(multiplicity = "1")
  private RoleOption role = new RoleOption();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the new files go (default: the authority's folder).")
  private @Nullable Path out;

  @Option(
      names = "--dns",
      split = ",",
      paramLabel = "NAME",
      description = {
        "A host name at which clients reach this server; may be given again.",
        "Without --dns and --ip: localhost, its addresses, and NAME."
      })
  private List<String> dns = new ArrayList<>();

  @Option(
      names = "--ip",
      split = ",",
      paramLabel = "ADDRESS",
      description = "An IP address at which clients reach this server; may be given again.")
  private List<String> ip = new ArrayList<>();

  @Option(
      names = "--key",
      paramLabel = "KIND",
      description =
          "The key: ecdsa, ecdsa-p384, ed25519, rsa, rsa-2048 or rsa-4096 (default"
              + " ${DEFAULT-VALUE}).",
      defaultValue = "ecdsa")
  private String algorithm = "";

  @Option(
      names = "--encrypt",
      description = {
        "Encrypts the key with the passphrase of RP_KEY_PASSPHRASE_FILE or RP_KEY_PASSPHRASE,",
        "or one that is asked for."
      })
  private boolean encrypt;

  CaIssue(Terminal terminal) {
    super(terminal, CaSettings.LIFETIME, CommonSettings.KEY_PASSPHRASE);
  }

  @Override
  void work(Settings settings) throws CommandException {
    KeyAlgorithm kind = algorithm(algorithm);
    noteEd25519(terminal(), kind);
    List<Issuance> issuances = new ArrayList<>();
    for (String name : new LinkedHashSet<>(names)) {
      issuances.add(issuance(name, role.role(), dns, ip, settings));
    }
    Path target = out == null ? folder() : out;
    CertificateAuthority authority = CertificateAuthority.open(folder(), passphrases(settings));
    char[] passphrase =
        encrypt ? Passphrases.chosen(settings, CommonSettings.KEY_PASSPHRASE) : null;
    List<IdentityFiles> made;
    try {
      made = authority.issue(issuances, target, kind, passphrase);
    } catch (IOException unwritable) {
      throw new CommandException(
          ExitCode.IDENTITY,
          "the certificate cannot be written to " + target + ": " + Sentence.of(unwritable),
          unwritable);
    }
    for (IdentityFiles files : made) {
      terminal().say("made " + files.key());
      terminal().say("made " + files.chain());
      sayHowToInstall(files.role(), files.key(), files.chain(), files.trustAnchors());
    }
  }
}
