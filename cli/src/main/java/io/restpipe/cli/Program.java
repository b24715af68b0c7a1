package io.restpipe.cli;

import io.restpipe.config.SettingsException;
import io.restpipe.security.IdentityException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** A command with subcommands, and how it says what went wrong: a sentence and an exit code. */
final class Program {

  private final Terminal terminal;
  private final CommandLine commandLine;

  Program(String name, String description, Terminal terminal, Map<String, CommandSpec> commands) {
    this.terminal = terminal;
    this.commandLine = commandLine(name, description, commands);
    commandLine
        .setOut(new PrintWriter(terminal.out(), true))
        .setErr(new PrintWriter(terminal.err(), true))
        .setUsageHelpWidth(100)
        .setParameterExceptionHandler(this::wrongArguments)
        .setExecutionExceptionHandler(this::failed);
  }

  private static CommandLine commandLine(
      String name, String description, Map<String, CommandSpec> commands) {
    CommandSpec program = CommandSpec.create().name(name).versionProvider(new Version(name));
    program.usageMessage().description(description).synopsisSubcommandLabel("COMMAND");
    addHelp(program);
    program.addOption(
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("Says which version this is.")
            .build());
    commands.forEach(
        (command, spec) -> {
          addHelp(spec.name(command));
          program.addSubcommand(command, new CommandLine(spec));
        });
    return new CommandLine(program);
  }

  private static void addHelp(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Says what can be said here.")
            .build());
  }

  /** Runs a command; gives the exit code. */
  int run(String... arguments) {
    if (arguments.length == 0) {
      commandLine.usage(commandLine.getErr());
      return ExitCode.USAGE;
    }
    return commandLine.execute(arguments);
  }

  /** For tests: what the arguments mean, without running anything. */
  ParseResult parse(String... arguments) {
    return commandLine.parseArgs(arguments);
  }

  private int wrongArguments(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    terminal.err().println(name + ": " + wrong.getMessage());
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      List<String> suggestions = unmatched.getSuggestions();
      if (!suggestions.isEmpty()) {
        terminal.err().println("Did you mean " + String.join(" or ", suggestions) + "?");
      }
    }
    terminal.err().println("Try '" + name + " --help'.");
    terminal.err().flush();
    return ExitCode.USAGE;
  }

  private int failed(Exception failure, CommandLine command, ParseResult parsed) {
    String name = command.getCommandSpec().qualifiedName();
    int exitCode = ExitCode.SOFTWARE;
    if (failure instanceof SettingsException wrong) {
      wrong.problems().forEach(problem -> terminal.err().println(name + ": " + problem));
      exitCode = ExitCode.USAGE;
    } else if (failure instanceof IdentityException wrong) {
      wrong.problems().forEach(problem -> terminal.err().println(name + ": " + problem));
      exitCode = ExitCode.IDENTITY;
    } else if (failure instanceof CommandException known) {
      terminal.err().println(name + ": " + known.getMessage());
      exitCode = known.exitCode();
    } else {
      terminal.err().println(name + ": this is a defect of RestPipe: " + failure);
    }
    if (Logging.isDebug()) {
      failure.printStackTrace(terminal.err());
    } else if (exitCode == ExitCode.SOFTWARE) {
      terminal.err().println("Set DEBUG=1 to see where it happened.");
    }
    terminal.err().flush();
    return exitCode;
  }
}
