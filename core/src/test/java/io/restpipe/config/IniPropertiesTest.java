package io.restpipe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is written is read back the same; and whatever is in a file, it is read or refused. */
class IniPropertiesTest {

  private static final Map<String, String> ENVIRONMENT = Map.of("A", "a", "LONG", "x".repeat(9999));

  @Property(tries = 1000)
  void what_is_written_is_read_back_the_same(
      @ForAll("before") String before, @ForAll("keysAndValues") Map<String, Object> values) {
    IniDocument document = IniDocument.of(Path.of("p.ini"), before);

    values.forEach((key, value) -> document.set("s", key, value));

    Map<String, Object> expected = new LinkedHashMap<>();
    values.forEach((key, value) -> expected.put(key, read(value)));
    assertThat(configuration("p.ini", document.toString()).section("s"))
        .containsAllEntriesOf(expected);
  }

  /** An empty list is written as nothing, and a number has one type. */
  private static Object read(Object value) {
    return value.equals(List.of()) ? "" : value;
  }

  @Property(tries = 500)
  void comments_order_and_other_values_stay(
      @ForAll("before") String before, @ForAll("value") Object value) {
    IniDocument document = IniDocument.of(Path.of("p.ini"), before);
    Map<String, Object> others = new LinkedHashMap<>(configuration("p.ini", before).section("s"));
    List<String> comments = comments(before);

    document.set("s", "new", value).set("s", "k1", value).set("t", "k", value);

    Configuration after = configuration("p.ini", document.toString());
    others.remove("k1");
    assertThat(after.section("s")).containsAllEntriesOf(others);
    assertThat(comments(document.toString())).isEqualTo(comments);
    assertThat(document.remove("s", "new").remove("t", "k").find("s", "new")).isEmpty();
  }

  private static List<String> comments(String text) {
    return text.lines().filter(line -> line.startsWith("#")).toList();
  }

  @Property(tries = 2000)
  void any_text_is_read_or_refused_with_file_and_line(
      @ForAll("names") String file, @ForAll String text) {
    readOrRefused(file, text);
  }

  @Property(tries = 3000)
  void any_text_that_looks_like_one_is_read_or_refused_with_file_and_line(
      @ForAll("names") String file, @ForAll("looksLikeIt") String text) {
    readOrRefused(file, text);
  }

  private static void readOrRefused(String file, String text) {
    try {
      Configuration read = configuration(file, text);
      for (ConfigValue value : read.values()) {
        readOrRefused(value);
      }
    } catch (ConfigException refused) {
      assertThat(refused.problems())
          .isNotEmpty()
          .allSatisfy(problem -> assertThat(problem.toString()).contains(file).hasLineCount(1));
    }
  }

  private static void readOrRefused(ConfigValue value) {
    assertThat(value.origin()).isInstanceOf(Origin.File.class);
    ConfigException refused = catchThrowableOfType(ConfigException.class, value::get);
    if (refused != null) {
      assertThat(refused).hasMessageContaining(value.origin().toString());
    }
  }

  private static Configuration configuration(String file, String text) {
    return Configuration.from().environment(ENVIRONMENT).text(Path.of(file), text).load();
  }

  @Provide
  static Arbitrary<String> names() {
    return Arbitraries.of("f.ini", "f.json", "f.properties");
  }

  @Provide
  static Arbitrary<String> looksLikeIt() {
    return Arbitraries.of(
            "[",
            "]",
            "[a]\n",
            "[DEFAULT]\nextends = ",
            "f.ini",
            "k",
            "=",
            ":",
            " ",
            "\n",
            "\r",
            "\t",
            "#",
            ";",
            "\"",
            "${",
            "}",
            "${A}",
            "${NO}",
            "${LONG}",
            "%(here)s",
            "%(",
            "1",
            "-",
            "true",
            "file:",
            "{",
            "}",
            ",",
            "\"k\"",
            "null",
            "\\",
            "\\u",
            "00",
            "\uFEFF",
            "\u2028",
            "\0",
            "x")
        .list()
        .ofMaxSize(60)
        .map(parts -> String.join("", parts));
  }

  @Provide
  static Arbitrary<String> before() {
    return Arbitraries.of(
            "",
            "\n",
            "# comment\n",
            "[s]\n",
            "[t]\n",
            "k1 = 1\n",
            "k2:x\n",
            "k3 =\n  a\n# in it\n  b\n",
            "k1=\"q\"\r\n",
            "end = x")
        .list()
        .ofMaxSize(8)
        .map(
            parts ->
                "# top\n[s]\n"
                    + String.join("", parts.stream().map(IniPropertiesTest::ended).toList()));
  }

  private static String ended(String part) {
    return part.endsWith("\n") ? part : part + "\n";
  }

  @Provide
  static Arbitrary<Map<String, Object>> keysAndValues() {
    Arbitrary<String> keys =
        Arbitraries.strings()
            .withCharRange('a', 'z')
            .withChars("._- 1")
            .ofMinLength(1)
            .ofMaxLength(8)
            .map(key -> "k" + key.strip());
    return Arbitraries.maps(keys, value()).ofMaxSize(6);
  }

  @Provide
  static Arbitrary<Object> value() {
    Arbitrary<Object> text = text().asGeneric();
    Arbitrary<Object> numbers = Arbitraries.longs().asGeneric();
    Arbitrary<Object> booleans = Arbitraries.of(true, false).asGeneric();
    Arbitrary<Object> scalars = Arbitraries.oneOf(text, numbers, booleans);
    return Arbitraries.oneOf(scalars, scalars.list().ofMaxSize(4).asGeneric());
  }

  private static Arbitrary<String> text() {
    Arbitrary<String> parts =
        Arbitraries.of(
                "true", "12", "-", "\"", "${A}", "#", ";", "[s]", "=", ":", " ", "\t", "x", "%")
            .list()
            .ofMaxSize(5)
            .map(list -> String.join("", list));
    Arbitrary<String> any =
        Arbitraries.strings()
            .excludeChars('\n', '\r')
            .filter(
                text ->
                    text.codePoints()
                        .noneMatch(point -> Character.getType(point) == Character.SURROGATE));
    return Arbitraries.oneOf(parts, any);
  }
}
