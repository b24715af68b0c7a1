package io.restpipe.cli;

import io.restpipe.security.NodeRole;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The command {@code rp-server}. */
public final class RpServer {

  private RpServer() {}

  /** Runs the command and ends the process with its {@link ExitCode}. */
  public static void main(String[] arguments) {
    System.exit(program(Terminal.ofProcess(), new ProcessLifetime()).run(arguments));
  }

  static Program program(Terminal terminal, Lifetime lifetime) {
    Map<String, Supplier<SettingsCommand>> commands = new LinkedHashMap<>();
    commands.put("demo", () -> new Demo(terminal));
    commands.put("start", () -> new StartServer(terminal, lifetime));
    commands.put("set-identity", () -> new SetIdentity(terminal, NodeRole.SERVER));
    commands.put("token", () -> new TokenCommand(terminal));
    commands.put("doctor", () -> new ServerDoctor(terminal));
    commands.put("config", () -> new ConfigCommand(terminal, NodeRole.SERVER));
    commands.put("call", () -> new Call.OnServer(terminal));
    commands.put("clients", () -> new Clients(terminal));
    commands.put("user", () -> new UserCommand(terminal));
    commands.put("jwt", () -> new JwtCommand(terminal));
    commands.put("login", () -> new LoginServer(terminal, lifetime));
    commands.put("policy", () -> new PolicyCommand(terminal, NodeRole.SERVER));
    return new Program("rp-server", "The end of the pipe that clients dial.", terminal, commands);
  }
}
