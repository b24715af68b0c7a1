package io.restpipe.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/**
 * Reads a Java properties file. {@link Properties} knows the format, this one where lines begin.
 */
final class PropertiesReader {

  private final Path file;
  private final Loading loading;
  private final Layer layer = new Layer();

  PropertiesReader(Path file, Loading loading) {
    this.file = file;
    this.loading = loading;
  }

  Layer read(String text) {
    List<String> lines = IniScanner.lines(text);
    for (int i = 0; i < lines.size(); i++) {
      int first = i;
      var property = new StringBuilder(lines.get(i));
      while (continues(lines.get(i), i == first) && i + 1 < lines.size()) {
        i++;
        property.append(lines.get(i));
      }
      property(property.toString(), new Origin.File(file, first + 1));
    }
    return layer;
  }

  /** An odd number of backslashes at the end; a comment ends with its line. */
  private static boolean continues(String line, boolean first) {
    String start = line.stripLeading();
    if (first && (start.startsWith("#") || start.startsWith("!"))) {
      return false;
    }
    int end = line.length();
    while (end > 0 && (line.charAt(end - 1) == '\n' || line.charAt(end - 1) == '\r')) {
      end--;
    }
    int backslashes = 0;
    while (backslashes < end && line.charAt(end - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }

  private void property(String text, Origin origin) {
    try {
      var properties = new Properties();
      properties.load(new StringReader(text));
      for (String key : properties.stringPropertyNames()) {
        layer.addSectionOf(key);
        layer.put(
            new ConfigValue(
                key,
                origin,
                new Content.Plain(properties.getProperty(key), IniReader.folderOf(file))));
      }
    } catch (IOException | IllegalArgumentException malformed) {
      loading.problem(Problem.at(origin, "is no property: " + malformed.getMessage()));
    }
  }
}
