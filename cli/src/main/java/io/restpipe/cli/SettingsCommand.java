package io.restpipe.cli;

import io.restpipe.config.Configuration;
import io.restpipe.config.Rule;
import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.config.SettingsResolver;
import io.restpipe.security.NodeRole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** A command whose flags are settings: it runs with their values, or not at all. */
abstract class SettingsCommand implements Callable<Integer> {

  private static final int MOST_IN_SYNOPSIS = 6;
  private static final String FILES = "-c";

  private final Terminal terminal;
  private final List<Setting<?>> declared;
  private final List<Rule> rules;
  private final @Nullable NodeRole role;
  private @Nullable CommandSpec spec;

  /** A command of no node: it reads no files. */
  SettingsCommand(Terminal terminal, List<Setting<?>> declared, List<Rule> rules) {
    this(terminal, declared, rules, null);
  }

  /** A command of a node: it reads what that node reads. */
  SettingsCommand(
      Terminal terminal, List<Setting<?>> declared, List<Rule> rules, @Nullable NodeRole role) {
    this.terminal = terminal;
    this.declared = withDebug(declared);
    this.rules = rules;
    this.role = role;
  }

  private static List<Setting<?>> withDebug(List<Setting<?>> declared) {
    if (declared.contains(CommonSettings.DEBUG)) {
      return declared;
    }
    var all = new ArrayList<Setting<?>>(declared);
    all.add(CommonSettings.DEBUG);
    return all;
  }

  /** Does the work; gives the exit code. */
  abstract int run(Settings settings) throws Exception;

  final Terminal terminal() {
    return terminal;
  }

  /** The command for the parser: its own arguments, and a flag for each setting. */
  final CommandSpec spec() {
    CommandSpec made = CommandSpec.forAnnotatedObject(this);
    made.usageMessage().abbreviateSynopsis(declared.size() > MOST_IN_SYNOPSIS);
    for (Setting<?> setting : declared) {
      setting.flag().ifPresent(flag -> made.addOption(option(setting, flag)));
    }
    if (role != null) {
      made.addOption(fileOption());
    }
    spec = made;
    return made;
  }

  private static OptionSpec fileOption() {
    return OptionSpec.builder(FILES, "--config")
        .type(List.class)
        .auxiliaryTypes(String.class)
        .arity("1")
        .paramLabel("FILE")
        .description("A file with settings; of several, the later goes before the earlier.")
        .build();
  }

  private static OptionSpec option(Setting<?> setting, String flag) {
    boolean yesOrNo = setting.type() == CommonSettings.BOOL;
    OptionSpec.Builder option =
        OptionSpec.builder(flag)
            .type(String.class)
            .paramLabel(setting.type().label())
            .description(description(setting));
    return yesOrNo ? option.arity("0..1").fallbackValue("true").build() : option.arity("1").build();
  }

  private static String[] description(Setting<?> setting) {
    var lines = new ArrayList<String>();
    lines.add(setting.help());
    var more = new StringBuilder(String.join(", ", setting.environment()));
    if (!setting.defaultText().isEmpty()) {
      more.append(more.isEmpty() ? "" : "; ").append("default ").append(setting.defaultText());
    }
    if (!more.isEmpty()) {
      lines.add("(" + more + ")");
    }
    return lines.stream().map(line -> line.replace("%", "%%")).toArray(String[]::new);
  }

  @Override
  public final Integer call() throws Exception {
    Settings settings = resolve();
    Logging.debug(settings.get(CommonSettings.DEBUG));
    return run(settings);
  }

  private Settings resolve() throws CommandException {
    return role == null ? resolver().resolve() : resolver().sources(files().sources()).resolve();
  }

  private SettingsResolver resolver() {
    SettingsResolver resolver =
        Settings.of(declared)
            .alsoKnown(CommonSettings.all())
            .flags(given())
            .environment(terminal.environment());
    rules.forEach(resolver::rule);
    return resolver;
  }

  /** The same settings of a configuration that was read again. */
  final Settings resolve(Configuration configuration) {
    return resolver().configuration(configuration).resolve();
  }

  /** The files of a node, for what is in sections whose names nobody knows before. */
  final Configuration configuration() throws CommandException {
    return files().sources().load();
  }

  /** What the node's settings are read from. */
  final NodeFiles files() {
    return new NodeFiles(
        Objects.requireNonNull(role), terminal.environment(), given(), namedFiles());
  }

  private List<String> namedFiles() {
    return spec == null
        ? List.of()
        : spec.commandLine().getParseResult().matchedOptionValue(FILES, List.of());
  }

  private Map<String, String> given() {
    var flags = new HashMap<String, String>();
    if (spec != null) {
      ParseResult parsed = spec.commandLine().getParseResult();
      for (Setting<?> setting : declared) {
        setting
            .flag()
            .filter(parsed::hasMatchedOption)
            .ifPresent(flag -> flags.put(flag, parsed.matchedOptionValue(flag, "")));
      }
    }
    return flags;
  }
}
