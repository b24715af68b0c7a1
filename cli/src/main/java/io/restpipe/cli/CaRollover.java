package io.restpipe.cli;

import io.restpipe.auth.identity.AuthorityOptions;
import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.auth.identity.CertificateRecord;
import io.restpipe.auth.identity.CertificateRegister;
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

/** {@code rp-ca rollover --dir DIR}: a new root takes over from the old one. */
@Command(
    sortOptions = false,
    description = {
      "Makes a new root, which takes over from the old one: in three steps, and without a moment",
      "in which nodes don't trust each other (docs/identities.md).",
      "Without --finish or --status: begins. New certificates are then of the new root; ca.crt.pem",
      "holds both; the old root signs the new one, too."
    })
final class CaRollover extends CaCommand {

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "The name in the new root's certificate (default: \"RestPipe CA G2\", and so on).")
  private @Nullable String name;

  @Option(
      names = "--key",
      paramLabel = "KIND",
      description =
          "The new keys: ecdsa, ecdsa-p384, ed25519, rsa, rsa-2048 or rsa-4096 (default"
              + " ${DEFAULT-VALUE}).",
      defaultValue = "ecdsa")
  private String algorithm = "";

  @Option(
      names = "--root-key-dir",
      paramLabel = "DIR",
      description = "Where the root's key is kept, if not in the authority's folder.")
  private @Nullable Path rootKeys;

  @Option(
      names = "--encrypt",
      description = "Encrypts the new keys, with the same passphrase as the old ones.")
  private boolean encrypt;

  @Option(
      names = "--status",
      description = "Says which nodes still have a certificate of the old root only.")
  private boolean status;

  @Option(names = "--finish", description = "Takes the old root out of ca.crt.pem.")
  private boolean finish;

  @Option(
      names = "--force",
      description = "Finishes although certificates of the old root are still needed.")
  private boolean force;

  CaRollover(Terminal terminal) {
    super(terminal, CaSettings.AUTHORITY_LIFETIME);
  }

  @Override
  void work(Settings settings) throws CommandException, IOException {
    CertificateRegister register =
        CertificateRegister.open(
            folder(), rootKeys == null ? folder() : rootKeys, passphrases(settings));
    Path anchors = folder().resolve(IdentityFiles.TRUST_ANCHORS);
    if (status) {
      List<CertificateRecord> left = register.leftBehind();
      for (CertificateRecord record : left) {
        terminal()
            .say(
                "%s (%s) has a certificate of the old root, until %s"
                    .formatted(record.name(), record.role(), record.notAfter()));
      }
      if (left.isEmpty()) {
        terminal().say("no certificate of an old root is needed any more");
      }
    } else if (finish) {
      register.finishRollover(force);
      terminal().say("made " + anchors + ": the new root alone. Give it to every node");
    } else {
      begin(register, settings, anchors);
    }
  }

  private void begin(CertificateRegister register, Settings settings, Path anchors)
      throws CommandException, IOException {
    KeyAlgorithm kind = algorithm(algorithm);
    String newName = name == null ? register.nextName() : name;
    AuthorityOptions options =
        argument(
            () ->
                AuthorityOptions.named(newName)
                    .algorithm(kind)
                    .validFor(settings.get(CaSettings.AUTHORITY_LIFETIME)));
    if (encrypt) {
      options = options.encryptedWith(Passphrases.chosen(settings, CaSettings.KEY_PASSPHRASE));
    }
    CertificateAuthority authority = register.beginRollover(options);
    terminal().say("made " + anchors + ": the new root and the old one. Give it to every node");
    terminal().say("SHA-256 " + JoinLine.fingerprint(authority.certificate()));
    terminal().say("next: rp-ca renew for each node, or wait until all have renewed themselves;");
    terminal().say("then: rp-ca rollover --status, and rp-ca rollover --finish");
  }
}
