package io.restpipe.cli;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.auth.identity.Issuance;
import io.restpipe.auth.identity.RequestFiles;
import io.restpipe.config.Settings;
import io.restpipe.security.AtomicFile;
import io.restpipe.security.AtomicFile.Access;
import io.restpipe.security.EnrollmentException;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.IssuedCertificate;
import io.restpipe.security.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rp-ca sign NAME CSR --server|--client --dir DIR}: a certificate for a request. */
@Command(
    sortOptions = false,
    description = {
      "Makes a certificate for the key of a certificate request (PKCS#10, PEM or DER).",
      "It says what you say here: NAME, and for a server the hosts and addresses. A request that",
      "asks for something else, such as another name or CA:TRUE, is refused."
    })
final class CaSign extends CaCommand {

  @Parameters(index = "0", paramLabel = "NAME", description = "The node's name on the pipe.")
  private String name = "";

  @Parameters(index = "1", paramLabel = "CSR", description = "The file with the request.")
  private Path request = Path.of("");

  @ArgGroup(multiplicity = "1")
  private RoleOption role = new RoleOption();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where NAME.crt.pem goes (default: the authority's folder).")
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

  CaSign(Terminal terminal) {
    super(terminal, CaSettings.LIFETIME);
  }

  @Override
  void work(Settings settings) throws CommandException, IOException, EnrollmentException {
    Issuance issuance = issuance(name, role.role(), dns, ip, settings);
    Path target = out == null ? folder() : out;
    Path chain = target.resolve(name + ".crt.pem");
    if (Files.exists(chain)) {
      throw new CommandException(
          ExitCode.IDENTITY,
          chain + ": is there already; move it away, or choose another name or folder");
    }
    byte[] read = RequestFiles.read(request);
    CertificateAuthority authority = CertificateAuthority.open(folder(), passphrases(settings));
    AtomicFile.makeFolder(target);
    IssuedCertificate issued = authority.sign(read, issuance);
    try (AtomicFile file = AtomicFile.prepare(chain, Pem.write(issued.chain()), Access.EVERYONE)) {
      file.create();
    }
    terminal().say("made " + chain);
    sayHowToInstall(
        role.role(),
        Path.of(name + ".key.pem"),
        chain,
        folder().resolve(IdentityFiles.TRUST_ANCHORS));
  }
}
