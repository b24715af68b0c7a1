package io.restpipe.config;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cases in {@code config/*.case}: files, and what is read of the first one ({@code key =
 * value @ place}, or {@code key ! error}), or the errors.
 */
class ConfigurationCasesTest {

  private static final Map<String, String> ENVIRONMENT =
      Map.of("STUFF", "stuff", "NUM", "12", "EMPTY", "", "NESTED", "${STUFF}", "BASE", "base");

  @TempDir Path temporary;

  static Stream<Path> cases() throws IOException, URISyntaxException {
    var folder = Objects.requireNonNull(ConfigurationCasesTest.class.getResource("/config"));
    return Files.list(Path.of(folder.toURI()))
        .filter(file -> file.toString().endsWith(".case"))
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void is_read_as_the_case_says(Path file) throws IOException {
    Map<String, List<String>> parts = parts(Files.readString(file));
    Path folder = temporary.toRealPath();
    List<Path> files = new ArrayList<>();
    for (var part : parts.entrySet()) {
      if (part.getKey().startsWith("file ")) {
        Path made = folder.resolve(part.getKey().substring(5));
        Files.createDirectories(made.getParent());
        Files.writeString(made, text(part.getValue()));
        files.add(made);
      }
    }

    List<String> expected = parts.getOrDefault("errors", parts.getOrDefault("expect", List.of()));
    List<String> found = readable(outcome(files.get(0)), folder).lines().toList();

    assertThat(comparable(found, expected)).isEqualTo(expected);
  }

  /** A place is only compared where the case names it. */
  private static List<String> comparable(List<String> found, List<String> expected) {
    var lines = new ArrayList<String>();
    for (int i = 0; i < found.size(); i++) {
      boolean place = i < expected.size() && expected.get(i).contains(" @ ");
      lines.add(place ? found.get(i) : found.get(i).replaceFirst(" @ .*", ""));
    }
    return lines;
  }

  private static Map<String, List<String>> parts(String text) {
    var parts = new LinkedHashMap<String, List<String>>();
    List<String> part = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (line.startsWith("--- ")) {
        part = new ArrayList<>();
        parts.put(line.substring(4), part);
      } else {
        part.add(line);
      }
    }
    return parts;
  }

  private static String text(List<String> lines) {
    return lines.stream().map(line -> line.replace("\\r", "\r") + "\n").collect(joining());
  }

  private static String readable(String found, Path folder) {
    return found
        .replaceAll("\\(" + folder + "/", "(")
        .replaceAll("(?m)^" + folder + "/", "")
        .replaceAll(" @ " + folder + "/", " @ ")
        .replace(folder.toString(), "$HERE");
  }

  private static String outcome(Path file) {
    try {
      Configuration read = Configuration.from().environment(ENVIRONMENT).file(file).load();
      return read.values().stream().map(ConfigurationCasesTest::rendered).collect(joining("\n"));
    } catch (ConfigException wrong) {
      return wrong.getMessage();
    }
  }

  private static String rendered(ConfigValue value) {
    try {
      return value.key() + " = " + rendered(value.get()) + " @ " + value.origin();
    } catch (ConfigException wrong) {
      return value.key() + " ! " + wrong.getMessage();
    }
  }

  private static String rendered(Object value) {
    if (value instanceof List<?> items) {
      return items.stream().map(ConfigurationCasesTest::rendered).collect(joining(", ", "[", "]"));
    }
    return value instanceof String ? '"' + value.toString() + '"' : value.toString();
  }
}
