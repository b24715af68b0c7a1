package io.restpipe.cli;

import io.restpipe.auth.identity.CertificateRecord;
import io.restpipe.auth.identity.CertificateRegister;
import io.restpipe.auth.identity.RequestFiles;
import io.restpipe.config.Settings;
import io.restpipe.security.AtomicFile;
import io.restpipe.security.AtomicFile.Access;
import io.restpipe.security.EnrollmentException;
import io.restpipe.security.IssuedCertificate;
import io.restpipe.security.Pem;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rp-ca renew NAME --dir DIR}: a new certificate in the place of an older one. */
@Command(
    sortOptions = false,
    description = {
      "Makes a new certificate in the place of the newest one of a node: for the same name, use",
      "and time, and for the same key, unless a request brings another one.",
      "NAME.crt.pem is replaced. The older certificate stays good until its end."
    })
final class CaRenew extends CaCommand {

  @Parameters(index = "0", paramLabel = "NAME", description = "The node's name on the pipe.")
  private String name = "";

  @Option(
      names = "--csr",
      paramLabel = "FILE",
      description = "A certificate request with a new key.")
  private @Nullable Path request;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where NAME.crt.pem goes (default: the authority's folder).")
  private @Nullable Path out;

  CaRenew(Terminal terminal) {
    super(terminal);
  }

  @Override
  void work(Settings settings) throws CommandException, IOException, EnrollmentException {
    CertificateRegister register = CertificateRegister.open(folder(), passphrases(settings));
    CertificateRecord current = register.latest(name, null);
    IssuedCertificate issued =
        request == null
            ? register.renew(current)
            : register.renew(current, RequestFiles.read(request));
    Path target = out == null ? folder() : out;
    AtomicFile.makeFolder(target);
    Path chain = target.resolve(name + ".crt.pem");
    try (AtomicFile file = AtomicFile.prepare(chain, Pem.write(issued.chain()), Access.EVERYONE)) {
      file.replace();
    }
    terminal()
        .say(
            "made %s, valid until %s"
                .formatted(chain, issued.certificate().getNotAfter().toInstant()));
  }
}
