package io.restpipe.config;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads the constants of a class. */
final class ConstantsReader {

  private static final Pattern CAPITAL = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

  private final Loading loading;
  private final Layer layer = new Layer();

  ConstantsReader(Loading loading) {
    this.loading = loading;
  }

  /** {@code bind_port} of {@code bindPort} or {@code BindPort}. */
  static String underscored(String name) {
    return CAPITAL.matcher(name).replaceAll("_").toLowerCase(Locale.ROOT);
  }

  Layer read(Class<?> type) {
    read(type, "");
    return layer;
  }

  Layer readModule(String fileOrClass, ClassLoader loader, Problem named) {
    if (fileOrClass.indexOf('/') >= 0 || isFile(fileOrClass)) {
      return loading.fileNamed(fileOrClass, named);
    }
    try {
      return read(Class.forName(fileOrClass, false, loader));
    } catch (ClassNotFoundException | LinkageError missing) {
      loading.problem(
          new Problem(
              named.key(),
              named.origin(),
              fileOrClass,
              Problem.printable(fileOrClass) + " is neither a file nor a class on the class path"));
      return layer;
    }
  }

  private static boolean isFile(String name) {
    try {
      return Files.exists(Path.of(name));
    } catch (InvalidPathException | SecurityException none) {
      return false;
    }
  }

  private void read(Class<?> type, String prefix) {
    for (Field field : type.getDeclaredFields()) {
      int modifiers = field.getModifiers();
      if (Modifier.isPublic(modifiers)
          && Modifier.isStatic(modifiers)
          && Modifier.isFinal(modifiers)) {
        constant(field, prefix + field.getName().replace("__", ".").toLowerCase(Locale.ROOT));
      }
    }
    for (Class<?> nested : type.getDeclaredClasses()) {
      if (Modifier.isPublic(nested.getModifiers()) && Modifier.isStatic(nested.getModifiers())) {
        read(nested, prefix + underscored(nested.getSimpleName()) + ".");
      }
    }
  }

  private void constant(Field field, String key) {
    var origin = new Origin.Code(field.getDeclaringClass().getName() + "." + field.getName());
    try {
      field.setAccessible(true);
      Object value = field.get(null);
      if (value != null) {
        layer.addSectionOf(key);
        layer.put(new ConfigValue(key, origin, MapReader.typed(value, null)));
      }
    } catch (ReflectiveOperationException | LinkageError | RuntimeException failed) {
      loading.problem(new Problem(key, origin, null, "cannot be read: " + failed));
    }
  }
}
