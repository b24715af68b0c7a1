package io.restpipe.cli;

import io.restpipe.auth.identity.Issuance;
import io.restpipe.auth.identity.KeyAlgorithm;
import io.restpipe.auth.identity.RequestFiles;
import io.restpipe.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rp-ca request NAME --server|--client}: makes a key and a request where it is used. */
@Command(
    sortOptions = false,
    description = {
      "Makes a key and a certificate request, on the machine where the key is used.",
      "They are NAME.key.pem, which stays there, and NAME.csr.pem for rp-ca sign."
    })
final class CaRequest extends SettingsCommand {

  @Parameters(index = "0", paramLabel = "NAME", description = "The node's name on the pipe.")
  private String name = "";

  @ArgGroup(multiplicity = "1")
  private RoleOption role = new RoleOption();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the new files go (default: this folder).")
  private Path out = Path.of("");

  @Option(
      names = "--dns",
      split = ",",
      paramLabel = "NAME",
      description = "A host name at which clients reach this server; may be given again.")
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

  CaRequest(Terminal terminal) {
    super(terminal, List.of(CommonSettings.KEY_PASSPHRASE), List.of());
  }

  @Override
  int run(Settings settings) throws CommandException {
    KeyAlgorithm kind = CaCommand.algorithm(algorithm);
    CaCommand.noteEd25519(terminal(), kind);
    Issuance issuance = CaCommand.argument(() -> Issuance.of(name, role.role()).dns(dns).ip(ip));
    char[] passphrase =
        encrypt ? Passphrases.chosen(settings, CommonSettings.KEY_PASSPHRASE) : null;
    try {
      RequestFiles files = RequestFiles.make(issuance, out, kind, passphrase);
      terminal().say("made " + files.key());
      terminal().say("made " + files.request());
      var sign = new StringBuilder("sign it with: rp-ca sign ");
      sign.append(name).append(' ').append(files.request().getFileName());
      sign.append(" --").append(role.role());
      dns.forEach(one -> sign.append(" --dns ").append(one));
      ip.forEach(one -> sign.append(" --ip ").append(one));
      terminal().say(sign + " --dir DIR");
      return ExitCode.OK;
    } catch (IOException unwritable) {
      throw new CommandException(
          ExitCode.IDENTITY,
          "the request cannot be written to "
              + out.toAbsolutePath()
              + ": "
              + Sentence.of(unwritable),
          unwritable);
    }
  }
}
