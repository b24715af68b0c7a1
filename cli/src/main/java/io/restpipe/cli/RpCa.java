package io.restpipe.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The command {@code rp-ca}. */
public final class RpCa {

  private RpCa() {}

  /** Runs the command and ends the process with its {@link ExitCode}. */
  public static void main(String[] arguments) {
    System.exit(program(Terminal.ofProcess()).run(arguments));
  }

  static Program program(Terminal terminal) {
    Map<String, Supplier<SettingsCommand>> commands = new LinkedHashMap<>();
    commands.put("init", () -> new CaInit(terminal));
    commands.put("issue", () -> new CaIssue(terminal));
    return new Program(
        "rp-ca", "Makes the certificates by which nodes know each other.", terminal, commands);
  }
}
