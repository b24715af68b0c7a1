package io.restpipe.cli;

import io.restpipe.auth.identity.FileDescription;
import io.restpipe.config.Settings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rp-ca show FILE}: what is in a file, for people. */
@Command(
    sortOptions = false,
    description = {
      "Says what is in a PEM file: certificates, requests, lists of revoked certificates, keys.",
      "Of a key nothing is shown but that it is one."
    })
final class CaShow extends SettingsCommand {

  @Parameters(index = "0..*", arity = "1..*", paramLabel = "FILE", description = "PEM files.")
  private List<Path> files = new ArrayList<>();

  CaShow(Terminal terminal) {
    super(terminal, List.of(), List.of());
  }

  @Override
  int run(Settings settings) {
    boolean first = true;
    for (Path file : files) {
      if (!first) {
        terminal().say("");
      }
      first = false;
      if (files.size() > 1) {
        terminal().say(file + ":");
      }
      FileDescription.of(file, Instant.now()).forEach(terminal()::say);
    }
    return ExitCode.OK;
  }
}
