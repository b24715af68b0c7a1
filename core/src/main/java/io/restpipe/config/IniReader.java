package io.restpipe.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads an INI file, and those that it extends. */
final class IniReader implements IniScanner.Sink {

  static final String DEFAULT = "DEFAULT";
  static final String EXTENDS = "extends";

  private final Path file;
  private final Path folder;
  private final Loading loading;
  private final Layer layer = new Layer();
  private final List<ConfigValue> extended = new ArrayList<>();

  IniReader(Path file, Loading loading) {
    this.file = file;
    this.folder = folderOf(file);
    this.loading = loading;
  }

  static Path folderOf(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    @Nullable Path parent = absolute.getParent();
    return parent == null ? absolute : parent;
  }

  Layer read(String text) {
    IniScanner.scan(IniScanner.lines(text), this);
    if (!extended.isEmpty()) {
      extend(extended.get(extended.size() - 1));
    }
    return layer;
  }

  private void extend(ConfigValue names) {
    try {
      for (String name : names.texts()) {
        layer.putUnder(
            loading.fileNamed(
                folder.resolve(name).toString(),
                new Problem(names.key(), names.origin(), name, "")));
      }
    } catch (ConfigException unsetVariable) {
      loading.problems().addAll(unsetVariable.problems());
    } catch (InvalidPathException invalid) {
      loading.problem(
          new Problem(
              names.key(),
              names.origin(),
              names.written(),
              "must be a path: " + invalid.getReason()));
    }
  }

  @Override
  public void section(String name, int line) {
    if (!name.equals(DEFAULT)) {
      layer.addSection(name);
    }
  }

  @Override
  public void entry(IniScanner.Entry entry) {
    var value =
        new ConfigValue(
            entry.section() + "." + entry.key(),
            new Origin.File(file, entry.line()),
            new Content.Ini(entry.value(), folder, loading.variables()));
    if (entry.section().equals(DEFAULT) && entry.key().equals(EXTENDS)) {
      extended.add(value);
    } else {
      layer.put(value);
    }
  }

  @Override
  public void problem(int line, String sentence) {
    loading.problem(Problem.at(new Origin.File(file, line), sentence));
  }
}
