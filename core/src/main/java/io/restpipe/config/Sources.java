package io.restpipe.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where a configuration comes from: of two sources that have the same key, the one that was added
 * later wins. {@link #load} may be called again and again; each time everything is read anew.
 *
 * <pre>{@code
 * Configuration configuration =
 *     Configuration.from()
 *         .constants(Defaults.class)
 *         .file(Path.of("server.ini"))
 *         .variables("APP_")
 *         .load();
 * }</pre>
 */
public final class Sources {

  private final List<Source> sources = new ArrayList<>();
  private Map<String, String> environment = System.getenv();

  Sources() {}

  @FunctionalInterface
  private interface Source {
    Layer read(Loading loading);
  }

  /**
   * The environment for <code>${NAME}</code> and {@link #variables}; that of the process if not
   * said.
   */
  public Sources environment(Map<String, String> variables) {
    environment = Map.copyOf(variables);
    return this;
  }

  /**
   * A file: JSON or properties by the end of its name, else INI. It is an error if it is missing.
   */
  public Sources file(Path file) {
    return file(file, new Origin.File(file, 0));
  }

  /** The same, and who named the file: a variable or a flag, for what is said if it is missing. */
  public Sources file(Path file, Origin namedBy) {
    return add(loading -> loading.file(file, Problem.at(namedBy, "")));
  }

  /** A file that may be missing. */
  public Sources optionalFile(Path file) {
    return add(
        loading ->
            Files.exists(file)
                ? loading.file(file, Problem.at(new Origin.File(file, 0), ""))
                : loading.missing(file));
  }

  /** A text as if it stood in that file, which need not be there. */
  public Sources text(Path as, String text) {
    return add(loading -> loading.parse(as, text));
  }

  /**
   * A map of full keys, or of sections to maps of theirs. A text is what it would be in an INI
   * file; other values keep their type. The text {@code file:PATH} stands for all that is in that
   * file; what the map says itself goes before.
   */
  public Sources map(Map<String, ?> values) {
    return map(values, "given by the program");
  }

  /** The same, and what its values say of where they are from. */
  public Sources map(Map<String, ?> values, String name) {
    return add(loading -> new MapReader(name, loading).read(values));
  }

  /**
   * The variables that begin with a prefix: {@code APP_SECTION__KEY} is {@code section.key}, two
   * underscores for the dot.
   */
  public Sources variables(String prefix) {
    return add(
        loading -> {
          var layer = new Layer();
          environment.forEach((name, value) -> variable(layer, prefix, name, value));
          return layer;
        });
  }

  private static void variable(Layer layer, String prefix, String name, String value) {
    if (name.startsWith(prefix) && name.indexOf("__", prefix.length()) > prefix.length()) {
      String key = name.substring(prefix.length()).replace("__", ".").toLowerCase(Locale.ROOT);
      layer.addSectionOf(key);
      layer.put(new ConfigValue(key, new Origin.Variable(name), new Content.Plain(value, null)));
    }
  }

  /**
   * The public constants of a class: {@code SERVER__BIND_PORT}, or {@code BIND_PORT} of its nested
   * class {@code Server}, is {@code server.bind_port}.
   */
  public Sources constants(Class<?> type) {
    return add(loading -> new ConstantsReader(loading).read(type));
  }

  /**
   * The user's own: a path to a file, or the name of a class whose constants count. It is a path if
   * such a file is there, or if it has a slash in it.
   */
  public Sources userModule(String fileOrClass, ClassLoader loader, Origin namedBy) {
    return add(
        loading ->
            new ConstantsReader(loading)
                .readModule(fileOrClass, loader, new Problem("", namedBy, null, "")));
  }

  private Sources add(Source source) {
    sources.add(source);
    return this;
  }

  /**
   * Reads them all.
   *
   * @throws ConfigException with all that is wrong
   */
  public Configuration load() {
    var problems = new ArrayList<Problem>();
    Configuration loaded = load(problems);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems, loaded.files());
    }
    return loaded;
  }

  /** Reads what can be read, and adds what is wrong. */
  Configuration load(List<Problem> problems) {
    var loading = new Loading(environment);
    var all = new Layer();
    for (int i = 0; i < sources.size(); i++) {
      all.putAll(sources.get(i).read(loading), i + 1);
    }
    problems.addAll(loading.problems());
    return new Configuration(all, loading.files());
  }
}
