package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The tables of {@code docs/configuration.md} are made from the declarations. Where this fails,
 * write them anew: {@code mvn -pl cli -am test -Dtest=ConfigurationPageTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Drestpipe.page.write=true}
 */
class ConfigurationPageTest {

  private static final Path PAGE = Path.of("../docs/configuration.md");

  @Test
  void the_page_says_what_is_declared() throws IOException {
    String page = Files.readString(PAGE);
    String fresh = withTables(page);

    if (Boolean.getBoolean("restpipe.page.write")) {
      Files.writeString(PAGE, fresh);
    } else {
      assertThat(page).isEqualTo(fresh);
    }
  }

  private static String withTables(String page) {
    var server = new ArrayList<>(ServerSettings.ALL);
    server.removeAll(ClientSettings.ALL);
    var client = new ArrayList<>(ClientSettings.ALL);
    client.removeAll(ServerSettings.ALL);
    var both = new ArrayList<>(ServerSettings.ALL);
    both.retainAll(ClientSettings.ALL);
    return with(with(with(page, "server", server), "client", client), "both", both);
  }

  private static String with(String page, String name, List<Setting<?>> settings) {
    String begin = "<!-- settings: " + name + " -->\n";
    String end = "<!-- end -->";
    int from = page.indexOf(begin) + begin.length();
    assertThat(from).as("page has " + begin).isGreaterThan(begin.length());
    return page.substring(0, from) + table(settings) + page.substring(page.indexOf(end, from));
  }

  private static String table(List<Setting<?>> settings) {
    var table = new StringBuilder();
    table.append("| key | variable | flag | type | default | what it does |\n");
    table.append("| --- | --- | --- | --- | --- | --- |\n");
    for (Setting<?> setting : settings) {
      table
          .append("| `")
          .append(setting.key())
          .append("` | `")
          .append(String.join("`, `", setting.environment()))
          .append("` | ")
          .append(setting.flag().map(flag -> "`" + flag + "`").orElse(""))
          .append(" | ")
          .append(cell(setting.type().label()))
          .append(" | ")
          .append(cell(setting.defaultText()))
          .append(" | ")
          .append(cell(setting.help()))
          .append(setting.isReloadable() ? " Reloadable." : "")
          .append(" |\n");
    }
    return table.toString();
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("*", "\\*");
  }
}
