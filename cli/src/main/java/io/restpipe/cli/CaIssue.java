package io.restpipe.cli;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.auth.identity.Issuance;
import io.restpipe.config.Settings;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.NodeRole;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
      "Makes a key and a certificate for a node.",
      "They are NAME.key.pem and NAME.crt.pem: install them on the node's machine with",
      "rp-server set-identity or rp-client set-identity."
    })
final class CaIssue extends SettingsCommand {

  @Parameters(index = "0", paramLabel = "NAME", description = "The node's name on the pipe.")
  private String name = "";

  @ArgGroup(multiplicity = "1")
  private Role role = new Role();

  @Option(
      names = "--dir",
      required = true,
      paramLabel = "DIR",
      description = "The authority's folder, made by rp-ca init.")
  private Path folder = Path.of("");

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

  /** One of the two. */
  static final class Role {
    @Option(names = "--server", required = true, description = "The node accepts connections.")
    private boolean server;

    @Option(names = "--client", required = true, description = "The node dials a server.")
    private boolean client;

    NodeRole role() {
      return server && !client ? NodeRole.SERVER : NodeRole.CLIENT;
    }
  }

  CaIssue(Terminal terminal) {
    super(terminal, List.of(), List.of());
  }

  @Override
  int run(Settings settings) throws CommandException {
    Path target = out == null ? folder : out;
    CertificateAuthority authority = CertificateAuthority.open(folder);
    try {
      IdentityFiles files = authority.issue(issuance(), target);
      terminal().say("made " + files.key());
      terminal().say("made " + files.chain());
      terminal()
          .say(
              "install with: rp-%s set-identity %s %s %s"
                  .formatted(files.role(), files.key(), files.chain(), files.trustAnchors()));
      return ExitCode.OK;
    } catch (IOException unwritable) {
      throw new CommandException(
          ExitCode.IDENTITY,
          "the certificate cannot be written to " + target + ": " + Sentence.of(unwritable),
          unwritable);
    }
  }

  private Issuance issuance() throws CommandException {
    try {
      return Issuance.of(name, role.role()).dns(dns).ip(ip);
    } catch (IllegalArgumentException wrong) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
    }
  }
}
