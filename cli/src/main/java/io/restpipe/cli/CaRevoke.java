package io.restpipe.cli;

import io.restpipe.auth.identity.CertificateRecord;
import io.restpipe.auth.identity.CertificateRegister;
import io.restpipe.auth.identity.RevocationReason;
import io.restpipe.config.Settings;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rp-ca revoke NAME|SERIAL|FILE --dir DIR}: certificates are not valid any more. */
@Command(
    sortOptions = false,
    description = {
      "Revokes a certificate, or all of a node that are still valid, and writes ca.crl.pem anew.",
      "A server that has this authority's ca.crl.pem disconnects the node and keeps it out."
    })
final class CaRevoke extends CaCommand {

  @Parameters(
      index = "0",
      paramLabel = "NAME|SERIAL|FILE",
      description = "A node's name, a serial number in hexadecimal digits, or a certificate.")
  private String what = "";

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      description =
          "unspecified, key-compromise, affiliation-changed, superseded, cessation-of-operation or"
              + " privilege-withdrawn (default ${DEFAULT-VALUE}).",
      defaultValue = "unspecified")
  private String reason = "";

  CaRevoke(Terminal terminal) {
    super(terminal);
  }

  @Override
  void work(Settings settings) throws CommandException, IOException {
    RevocationReason why = argument(() -> RevocationReason.parse(reason));
    CertificateRegister register = CertificateRegister.open(folder(), passphrases(settings));
    List<CertificateRecord> revoked = register.revoke(what, why);
    for (CertificateRecord record : revoked) {
      terminal().say("revoked %s (%s)".formatted(record.name(), record.serialText()));
    }
    if (revoked.isEmpty()) {
      terminal().say("nothing to revoke: " + what + " has no valid certificate left");
    }
    terminal().say("made " + register.revocationFile());
  }
}
