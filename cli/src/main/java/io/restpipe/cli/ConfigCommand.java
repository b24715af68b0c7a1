package io.restpipe.cli;

import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.security.NodeRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code config show|check|init}: what the settings are, and a file to begin with. */
@Command(
    sortOptions = false,
    description = {
      "show   prints each setting: its value, where that is from, and what it overrode.",
      "check  says whether everything is right, and starts nothing.",
      "init   writes a file to begin with, in which everything is commented out."
    })
final class ConfigCommand extends SettingsCommand {

  private final NodeRole role;
  private final List<Setting<?>> declared;

  /** What to do. */
  enum Action {
    SHOW,
    CHECK,
    INIT
  }

  @Parameters(index = "0", paramLabel = "show|check|init", description = "What to do.")
  private Action action = Action.SHOW;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "Of init: where; unless given, where the node looks by itself. - prints it.")
  private @Nullable String file;

  @Option(names = "--json", description = "Of show: as JSON.")
  private boolean json;

  ConfigCommand(Terminal terminal, NodeRole role) {
    super(terminal, settings(role), CommonSettings.RULES, role);
    this.role = role;
    this.declared = settings(role);
  }

  private static List<Setting<?>> settings(NodeRole role) {
    return role == NodeRole.SERVER ? ServerSettings.ALL : ClientSettings.ALL;
  }

  @Override
  int run(Settings settings) throws CommandException {
    var shown = new ShownSettings(settings, declared);
    switch (action) {
      case SHOW -> terminal().say(json ? shown.json() : shown.table().toString());
      case CHECK -> check(settings);
      case INIT -> init();
    }
    return ExitCode.OK;
  }

  private void check(Settings settings) throws CommandException {
    ListenerSettings.sections(settings, configuration());
    terminal().say("rp-" + role + ": the configuration is right");
  }

  private void init() throws CommandException {
    String text = new StartingFile("rp-" + role, declared).toString();
    if ("-".equals(file)) {
      terminal().out().print(text);
      terminal().out().flush();
      return;
    }
    Path target = file == null ? files().instanceFile() : Path.of(file);
    try {
      Path folder = target.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.write(target, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException there) {
      throw new CommandException(
          ExitCode.USAGE, target + " is there already: name another file, or remove it", there);
    } catch (IOException unwritable) {
      throw new CommandException(
          ExitCode.USAGE,
          target + " cannot be written: " + Sentence.of(unwritable) + ". Name another file",
          unwritable);
    }
    terminal().say("written " + target);
  }
}
