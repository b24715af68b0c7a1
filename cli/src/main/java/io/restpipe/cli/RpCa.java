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
    commands.put("request", () -> new CaRequest(terminal));
    commands.put("sign", () -> new CaSign(terminal));
    commands.put("renew", () -> new CaRenew(terminal));
    commands.put("revoke", () -> new CaRevoke(terminal));
    commands.put("crl", () -> new CaCrl(terminal));
    commands.put("list", () -> new CaList(terminal));
    commands.put("show", () -> new CaShow(terminal));
    commands.put("verify", () -> new CaVerify(terminal));
    commands.put("rollover", () -> new CaRollover(terminal));
    return new Program(
        "rp-ca", "Makes the certificates by which nodes know each other.", terminal, commands);
  }
}
