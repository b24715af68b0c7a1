package io.restpipe.cli;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.config.Settings;
import io.restpipe.security.IdentityFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rp-ca init DIR}: makes an authority. */
@Command(
    sortOptions = false,
    description = {
      "Makes an authority in a folder.",
      "Its ca.key.pem nobody else may have; its ca.crt.pem every node gets.",
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

  CaInit(Terminal terminal) {
    super(terminal, List.of(), List.of());
  }

  @Override
  int run(Settings settings) throws CommandException {
    try {
      CertificateAuthority.init(folder, name);
    } catch (IllegalArgumentException wrong) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
    } catch (IOException unwritable) {
      throw new CommandException(
          ExitCode.IDENTITY,
          "the authority cannot be written to " + folder + ": " + Sentence.of(unwritable),
          unwritable);
    }
    terminal().say("made " + folder.resolve("ca.key.pem"));
    terminal().say("made " + folder.resolve(IdentityFiles.TRUST_ANCHORS));
    return ExitCode.OK;
  }
}
