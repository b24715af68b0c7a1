package io.restpipe.cli;

import io.restpipe.auth.identity.AuthorityOptions;
import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.auth.identity.KeyAlgorithm;
import io.restpipe.config.Settings;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.JoinLine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rp-ca init DIR}: makes an authority. */
@Command(
    sortOptions = false,
    description = {
      "Makes an authority in a folder: a root, and an intermediate that signs from day to day.",
      "Their keys nobody else may have; ca.crt.pem every node gets.",
      "An authority that is there already is left as it is."
    })
final class CaInit extends SettingsCommand {

  @Parameters(index = "0", paramLabel = "DIR", description = "The authority's folder.")
  private Path folder = Path.of("");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The name in its certificate (default ${DEFAULT-VALUE}).",
      defaultValue = "RestPipe CA")
  private String name = "";

  @Option(
      names = "--key",
      paramLabel = "KIND",
      description =
          "Its keys: ecdsa, ecdsa-p384, ed25519, rsa, rsa-2048 or rsa-4096 (default"
              + " ${DEFAULT-VALUE}).",
      defaultValue = "ecdsa")
  private String algorithm = "";

  @Option(
      names = "--root-key-dir",
      paramLabel = "DIR",
      description = {
        "Where the root's key goes, such as a disk that is put away afterwards:",
        "only rollover and the root's own list of revoked certificates need it."
      })
  private @Nullable Path rootKeys;

  @Option(
      names = "--crl-url",
      paramLabel = "URL",
      description = {
        "Says in each certificate where ca.crl.pem can be fetched, for those who look there.",
        "Nodes do not: they read the file."
      })
  private @Nullable String crlUrl;

  @Option(
      names = "--encrypt",
      description = {
        "Encrypts its keys with the passphrase of RP_CA_KEY_PASSPHRASE_FILE or",
        "RP_CA_KEY_PASSPHRASE, or one that is asked for."
      })
  private boolean encrypt;

  CaInit(Terminal terminal) {
    super(terminal, List.of(CaSettings.AUTHORITY_LIFETIME, CaSettings.KEY_PASSPHRASE), List.of());
  }

  @Override
  int run(Settings settings) throws CommandException {
    AuthorityOptions options = options(settings);
    CertificateAuthority authority;
    try {
      authority = CertificateAuthority.init(folder, options);
    } catch (IOException unwritable) {
      throw new CommandException(
          ExitCode.IDENTITY,
          "the authority cannot be written to " + folder + ": " + Sentence.of(unwritable),
          unwritable);
    }
    Path keys = rootKeys == null ? folder : rootKeys;
    terminal().say("made " + keys.resolve("ca.key.pem"));
    terminal().say("made " + folder.resolve(IdentityFiles.TRUST_ANCHORS));
    terminal().say("made " + folder.resolve("intermediate.key.pem"));
    terminal().say("made " + folder.resolve("intermediate.crt.pem"));
    terminal().say("made " + folder.resolve("ca.crl.pem"));
    terminal().say("SHA-256 " + JoinLine.fingerprint(authority.certificate()));
    return ExitCode.OK;
  }

  private AuthorityOptions options(Settings settings) throws CommandException {
    KeyAlgorithm kind = CaCommand.algorithm(algorithm);
    AuthorityOptions options =
        CaCommand.argument(
            () ->
                AuthorityOptions.named(name)
                    .algorithm(kind)
                    .validFor(settings.get(CaSettings.AUTHORITY_LIFETIME)));
    if (crlUrl != null) {
      AuthorityOptions so = options;
      String url = crlUrl;
      options = CaCommand.argument(() -> so.revocationsAt(url));
    }
    if (rootKeys != null) {
      options = options.rootKeyIn(rootKeys);
    }
    return encrypt
        ? options.encryptedWith(Passphrases.chosen(settings, CaSettings.KEY_PASSPHRASE))
        : options;
  }
}
