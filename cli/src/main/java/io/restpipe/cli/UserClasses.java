package io.restpipe.cli;

import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the objects whose classes the settings name, from {@code RP_CLASSPATH} or our own. */
final class UserClasses {

  private static final String ALL_JARS = "*";

  private final Settings settings;
  private final ClassLoader loader;

  /** Finds the class path; it stays open as long as the process. */
  UserClasses(Settings settings) throws CommandException {
    this.settings = settings;
    ClassLoader ours = UserClasses.class.getClassLoader();
    Optional<String> classpath = settings.find(CommonSettings.CLASSPATH);
    this.loader =
        classpath.isEmpty()
            ? ours
            : new URLClassLoader(urls(classpath.orElseThrow()).toArray(URL[]::new), ours);
  }

  /** What loads the user's classes. */
  ClassLoader loader() {
    return loader;
  }

  private List<URL> urls(String classpath) throws CommandException {
    var urls = new ArrayList<URL>();
    for (String entry : classpath.split(File.pathSeparator, -1)) {
      if (!entry.isEmpty()) {
        try {
          add(urls, entry);
        } catch (IOException | InvalidPathException unreadable) {
          throw wrong(
              CommonSettings.CLASSPATH, entry + " cannot be read: " + unreadable, unreadable);
        }
      }
    }
    return urls;
  }

  private void add(List<URL> urls, String entry) throws CommandException, IOException {
    if (entry.equals(ALL_JARS) || entry.endsWith("/" + ALL_JARS)) {
      addJars(urls, existing(entry, entry.substring(0, entry.length() - 1)));
    } else {
      urls.add(url(existing(entry, entry)));
    }
  }

  private Path existing(String entry, String path) throws CommandException {
    Path file = Path.of(path.isEmpty() ? "." : path);
    if (!Files.exists(file)) {
      throw wrong(
          CommonSettings.CLASSPATH,
          entry
              + " does not exist: it must be jars, folders, or FOLDER/*, parted by "
              + File.pathSeparator,
          null);
    }
    return file;
  }

  private static void addJars(List<URL> urls, Path folder) throws IOException {
    var jars = new ArrayList<Path>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.jar")) {
      found.forEach(jars::add);
    }
    Collections.sort(jars);
    for (Path jar : jars) {
      urls.add(url(jar));
    }
  }

  private static URL url(Path file) throws MalformedURLException {
    return file.toUri().toURL();
  }

  /** The object that a setting names; absent where it is not set. */
  <T> Optional<T> make(Setting<String> setting, Class<T> type) throws CommandException {
    Optional<String> name = settings.find(setting);
    return name.isEmpty()
        ? Optional.empty()
        : Optional.of(make(setting, type, load(setting, name.orElseThrow())));
  }

  private Class<?> load(Setting<String> setting, String name) throws CommandException {
    try {
      return Class.forName(name, true, loader);
    } catch (ClassNotFoundException missing) {
      throw wrong(
          setting,
          "there is no such class on the class path: say where it is with "
              + CommonSettings.CLASSPATH.environment().get(0)
              + " or --classpath",
          missing);
    } catch (LinkageError broken) {
      throw wrong(setting, "the class cannot be loaded: " + broken, broken);
    }
  }

  private <T> T make(Setting<String> setting, Class<T> type, Class<?> found)
      throws CommandException {
    if (!type.isAssignableFrom(found)) {
      String relation = type.isInterface() ? "must implement " : "must extend ";
      throw wrong(setting, relation + type.getName(), null);
    }
    if (Modifier.isAbstract(found.getModifiers()) || !Modifier.isPublic(found.getModifiers())) {
      throw wrong(setting, "must be a public class that is not abstract", null);
    }
    try {
      return type.cast(found.getConstructor().newInstance());
    } catch (NoSuchMethodException hidden) {
      throw wrong(setting, "must have a public constructor without parameters", hidden);
    } catch (InvocationTargetException thrown) {
      throw wrong(setting, "its constructor threw " + thrown.getCause(), thrown.getCause());
    } catch (ReflectiveOperationException | LinkageError broken) {
      throw wrong(setting, "no object of the class can be made: " + broken, broken);
    }
  }

  private CommandException wrong(Setting<?> setting, String expected, @Nullable Throwable cause) {
    return new CommandException(
        ExitCode.USAGE, settings.problem(setting, expected).toString(), cause);
  }
}
