package io.restpipe.cli;

import io.restpipe.config.ConfigException;
import io.restpipe.security.IdentityException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TraceLevel;
import picocli.CommandLine.UnmatchedArgumentException;

/** A command with subcommands, and how it says what went wrong: a sentence and an exit code. */
final class Program {

  private final String name;
  private final String description;
  private final Terminal terminal;
  private final Map<String, Supplier<SettingsCommand>> commands;

  Program(
      String name,
      String description,
      Terminal terminal,
      Map<String, Supplier<SettingsCommand>> commands) {
    this.name = name;
    this.description = description;
    this.terminal = terminal;
    this.commands = commands;
  }

  /** The parser; describing all commands to it costs time that one that is named need not pay. */
  private CommandLine parser(String... arguments) {
    CommandSpec program = CommandSpec.create().name(name).versionProvider(new Version(name));
    program.usageMessage().description(description).synopsisSubcommandLabel("COMMAND");
    addHelp(program);
    program.addOption(
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("Says which version this is.")
            .build());
    boolean named = arguments.length > 0 && commands.containsKey(arguments[0]);
    commands.forEach(
        (command, maker) -> {
          if (!named || command.equals(arguments[0])) {
            CommandSpec spec = maker.get().spec();
            addHelp(spec.name(command));
            program.addSubcommand(command, new CommandLine(spec));
          }
        });
    // As everywhere: of a flag that is given twice, the last one counts.
    CommandLine.tracer().setLevel(TraceLevel.OFF);
    return new CommandLine(program)
        .setOverwrittenOptionsAllowed(true)
        .setCaseInsensitiveEnumValuesAllowed(true)
        // An argument that begins with @ is data: the command itself says what it means.
        .setExpandAtFiles(false)
        .setOut(writer(terminal.out()))
        .setErr(writer(terminal.err()))
        .setUsageHelpWidth(100)
        .setParameterExceptionHandler(this::wrongArguments)
        .setExecutionExceptionHandler(this::failed);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
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
    CommandLine parser = parser(arguments);
    if (arguments.length == 0) {
      parser.usage(parser.getErr());
      return ExitCode.USAGE;
    }
    return parser.execute(arguments);
  }

  /** What the arguments mean, without running anything. */
  ParseResult parse(String... arguments) {
    return parser(arguments).parseArgs(arguments);
  }

  private int wrongArguments(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    String place = command.getCommandSpec().qualifiedName();
    terminal.err().println(place + ": " + wrong.getMessage());
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      List<String> suggestions = unmatched.getSuggestions();
      if (!suggestions.isEmpty()) {
        terminal.err().println("Did you mean " + String.join(" or ", suggestions) + "?");
      }
    }
    terminal.err().println("Try '" + place + " --help'.");
    terminal.err().flush();
    return ExitCode.USAGE;
  }

  private int failed(Exception failure, CommandLine command, ParseResult parsed) {
    String place = command.getCommandSpec().qualifiedName();
    int exitCode = ExitCode.SOFTWARE;
    if (failure instanceof ConfigException wrong) {
      wrong.problems().forEach(problem -> terminal.err().println(place + ": " + problem));
      exitCode = ExitCode.USAGE;
    } else if (failure instanceof IdentityException wrong) {
      wrong.problems().forEach(problem -> terminal.err().println(place + ": " + problem));
      exitCode = ExitCode.IDENTITY;
    } else if (failure instanceof CommandException known) {
      terminal.err().println(place + ": " + known.getMessage());
      exitCode = known.exitCode();
    } else {
      terminal.err().println(place + ": this is a defect of RestPipe: " + failure);
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
