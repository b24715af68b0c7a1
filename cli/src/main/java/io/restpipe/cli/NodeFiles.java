package io.restpipe.cli;

import io.restpipe.config.ConfigException;
import io.restpipe.config.Configuration;
import io.restpipe.config.Origin;
import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.config.Sources;
import io.restpipe.security.NodeRole;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a node's settings are read from besides flags and variables, the weakest first: the user's
 * module, the instance file, the file that a variable names, and those of {@code -c}.
 */
final class NodeFiles {

  private final NodeRole role;
  private final Map<String, String> environment;
  private final Map<String, String> flags;
  private final List<String> named;

  NodeFiles(
      NodeRole role,
      Map<String, String> environment,
      Map<String, String> flags,
      List<String> named) {
    this.role = role;
    this.environment = environment;
    this.flags = flags;
    this.named = List.copyOf(named);
  }

  /** All of them. Where the instance file is, and the user's classes, the others may say. */
  Sources sources() throws CommandException {
    Settings where = where();
    Sources sources = Configuration.from().environment(environment);
    Optional<String> module = variable("USER_CONFIG_MODULE");
    if (module.isPresent()) {
      sources.userModule(
          module.orElseThrow(),
          new UserClasses(where).loader(),
          new Origin.Variable(name("USER_CONFIG_MODULE")));
    }
    addInstance(sources, where);
    addNamed(sources);
    return sources;
  }

  private Settings where() {
    List<Setting<?>> both = List.of(folder(), CommonSettings.CLASSPATH);
    try {
      Sources sources = Configuration.from().environment(environment);
      addNamed(sources);
      return Settings.of(both)
          .flags(flags)
          .environment(environment)
          .alsoKnown(CommonSettings.all())
          .configuration(sources.load())
          .resolve();
    } catch (ConfigException wrong) {
      // It is said when everything is read; so that it is said with all the rest, not here.
      return Settings.of(both).flags(flags).environment(environment).resolve();
    }
  }

  private Setting<Path> folder() {
    return role == NodeRole.SERVER ? ServerSettings.CERT_PATH : ClientSettings.CERT_PATH;
  }

  private void addInstance(Sources sources, Settings where) {
    Optional<String> instance = variable("INSTANCE_PATH");
    if (instance.isEmpty()) {
      sources.optionalFile(where.get(folder()).resolve(fileName()));
      return;
    }
    var origin = new Origin.Variable(name("INSTANCE_PATH"));
    Path path = path(instance.orElseThrow(), origin);
    if (Files.isDirectory(path)) {
      sources.optionalFile(path.resolve(fileName()));
    } else {
      sources.file(path, origin);
    }
  }

  private void addNamed(Sources sources) {
    var variable = new Origin.Variable(name("CONFIG"));
    variable("CONFIG").ifPresent(file -> sources.file(path(file, variable), variable));
    var flag = new Origin.Flag("-c");
    named.forEach(file -> sources.file(path(file, flag), flag));
  }

  /** The file beside the identity: the one that is read there, and that {@code init} writes. */
  Path instanceFile() {
    Optional<String> instance = variable("INSTANCE_PATH");
    if (instance.isEmpty()) {
      return where().get(folder()).resolve(fileName());
    }
    Path path = path(instance.orElseThrow(), new Origin.Variable(name("INSTANCE_PATH")));
    return Files.isDirectory(path) ? path.resolve(fileName()) : path;
  }

  private String fileName() {
    return "rp-" + role + ".ini";
  }

  /** For example {@code RP_SERVER_CONFIG}. */
  private String name(String what) {
    return "RP_" + role.toString().toUpperCase(Locale.ROOT) + "_" + what;
  }

  /** An empty one counts as unset. */
  private Optional<String> variable(String what) {
    return Optional.ofNullable(environment.get(name(what))).filter(text -> !text.isEmpty());
  }

  private static Path path(String text, Origin origin) {
    try {
      return Path.of(text);
    } catch (InvalidPathException invalid) {
      throw ConfigException.at(origin, "must be a path: " + invalid.getReason());
    }
  }
}
