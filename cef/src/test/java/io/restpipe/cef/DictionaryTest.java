package io.restpipe.cef;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds what is written about the keys to the one table of them. Run with {@code
 * -Dcef.docs.write=true} to write the table into {@code docs/cef.md} anew.
 */
class DictionaryTest {

  private static final Path DOCS = Path.of("../docs/cef.md");
  private static final Path SOURCE = Path.of("src/main/java/io/restpipe/cef/CefKeys.java");
  private static final String BEGIN = "<!-- keys: made from CefKeys, do not edit -->\n";
  private static final String END = "<!-- end of keys -->\n";

  private static String table() {
    var table =
        new StringBuilder("| key | full name | type | length | set by | since | meaning |\n");
    table.append("| --- | --- | --- | --- | --- | --- | --- |\n");
    for (CefKey<?> key : CefKeys.all()) {
      String length = key.maxLength().isPresent() ? "" + key.maxLength().getAsInt() : "";
      table.append(
          "| `%s` | %s | %s | %s | %s | %s | %s |\n"
              .formatted(
                  key.name(),
                  key.fullName(),
                  key.type(),
                  length,
                  key.audience(),
                  key.since(),
                  key.meaning()));
    }
    return table.toString();
  }

  @Test
  void the_table_in_the_docs_is_that_of_the_code() throws IOException {
    String docs = Files.readString(DOCS);
    int begin = docs.indexOf(BEGIN) + BEGIN.length();
    int end = docs.indexOf(END);
    if (Boolean.getBoolean("cef.docs.write")) {
      docs = docs.substring(0, begin) + table() + docs.substring(end);
      Files.writeString(DOCS, docs);
      end = docs.indexOf(END);
    }

    assertThat(docs.substring(begin, end))
        .as(
            "docs/cef.md is stale: mvn -pl cef -am test -Dtest=DictionaryTest -Dcef.docs.write=true")
        .isEqualTo(table());
  }

  @Test
  void the_comment_of_every_constant_is_its_meaning() throws Exception {
    String source = Files.readString(SOURCE).replaceAll("\\s*\\n\\s*\\*?\\s*", " ");
    List<String> wrong = new ArrayList<>();
    for (Field constant : CefKeys.class.getDeclaredFields()) {
      if (constant.getType() == CefKey.class && Modifier.isPublic(constant.getModifiers())) {
        var key = (CefKey<?>) constant.get(null);
        boolean fits =
            source.matches(
                ".*/\\*\\* \\Q"
                    + key.meaning()
                    + "\\E \\*?/ ?public static final CefKey<\\w+> "
                    + constant.getName()
                    + " =.*");
        if (!fits) {
          wrong.add(constant.getName());
        }
      }
    }

    assertThat(wrong).isEmpty();
  }

  @Test
  void keys_have_one_name_each_and_every_custom_value_has_its_label() {
    List<String> names = CefKeys.all().stream().map(CefKey::name).toList();

    assertThat(names).doesNotHaveDuplicates().hasSize(183);
    assertThat(names.stream().filter(name -> name.matches("c6a\\d|cfp\\d|cn\\d|cs\\d|flex\\w+\\d")))
        .allMatch(name -> names.contains(name + "Label"));
    assertThat(CefKeys.all().stream().map(CefKey::fullName).collect(Collectors.toSet()))
        .hasSize(names.size());
    assertThat(CefKeys.find("src")).contains(CefKeys.SRC);
    assertThat(CefKeys.find("SRC")).isEmpty();
  }
}
