package io.restpipe.cli;

import io.restpipe.security.NodeRole;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The command {@code rp-client}. */
public final class RpClient {

  private RpClient() {}

  /** Runs the command and ends the process with its {@link ExitCode}. */
  public static void main(String[] arguments) {
    System.exit(program(Terminal.ofProcess(), new ProcessLifetime()).run(arguments));
  }

  static Program program(Terminal terminal, Lifetime lifetime) {
    Map<String, Supplier<SettingsCommand>> commands = new LinkedHashMap<>();
    commands.put("start", () -> new StartClient(terminal, lifetime));
    commands.put("set-identity", () -> new SetIdentity(terminal, NodeRole.CLIENT));
    commands.put("join", () -> new JoinCommand(terminal));
    commands.put("doctor", () -> new ClientDoctor(terminal));
    commands.put("config", () -> new ConfigCommand(terminal, NodeRole.CLIENT));
    commands.put("call", () -> new Call.OnClient(terminal));
    commands.put("policy", () -> new PolicyCommand(terminal, NodeRole.CLIENT));
    return new Program("rp-client", "The end of the pipe that dials a server.", terminal, commands);
  }
}
