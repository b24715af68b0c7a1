package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restpipe.cef.CefDevice;
import io.restpipe.cef.CefEvent;
import io.restpipe.cef.CefLogger;
import io.restpipe.cef.CefParser;
import io.restpipe.cef.CefSecurityLog;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fires every kind of security event and compares what comes out with {@code
 * docs/security-events.md}: the row of the table, and the example line. Where this fails because
 * events have changed, write the examples anew: {@code mvn -pl cli -am test
 * -Dtest=SecurityEventsPageTest -Dsurefire.failIfNoSpecifiedTests=false -Drestpipe.page.write=true}
 */
@Timeout(60)
class SecurityEventsPageTest {

  private static final Path PAGE = Path.of("../docs/security-events.md");
  private static final String BEGIN = "<!-- examples -->\n";
  private static final String END = "<!-- end -->";
  private static final CefDevice DEVICE = new CefDevice("RestPipe", "RestPipe", "1");

  /** What differs from one run to the next, behind what tells it. */
  private static final Pattern VARIES =
      Pattern.compile(
          "(\\b(?:rt|spt|start|end|cs[12])=|127\\.0\\.0\\.1:|localhost:|restpipe-java/|serial "
              + "|valid until |revoked )[^ ,)]+");

  /** Makes a kind of event happen, and waits until it has. */
  interface Firing {
    void fire(SecurityLog log) throws Exception;
  }

  /**
   * How each kind is made to happen: by what emits it, or by a program that embeds a node where no
   * node does.
   */
  private static final Map<SecurityEventKind, Firing> FIRINGS = firings();

  private static Map<SecurityEventKind, Firing> firings() {
    var all = new EnumMap<SecurityEventKind, Firing>(SecurityEventKind.class);
    all.putAll(NodeFirings.ALL);
    all.putAll(IdentityFirings.ALL);
    all.putAll(LoginFirings.ALL);
    all.putAll(ProgramFirings.ALL);
    return all;
  }

  /** The line of that kind that its firing makes. */
  private static String fired(SecurityEventKind kind) throws Exception {
    var sink = new ListSink();
    List<String> lines = sink.lines;
    Firing firing = FIRINGS.get(kind);
    assertThat(firing).as("how to fire " + kind).isNotNull();
    try (CefLogger logger = CefLogger.builder(DEVICE, sink).open();
        var log = new CefSecurityLog(logger, DEVICE, "pipe.test")) {
      firing.fire(log);
      await().atMost(Duration.ofSeconds(20)).until(() -> find(lines, kind) != null);
    }
    return find(lines, kind).replaceAll("/\\S*/rp-server\\d*\\.ini", "/etc/restpipe/rp-server.ini");
  }

  private static String find(List<String> lines, SecurityEventKind kind) {
    return lines.stream()
        .filter(line -> line.contains("|" + kind.signature() + "|"))
        .findFirst()
        .orElse(null);
  }

  private static String comparable(String line) {
    return VARIES.matcher(line).replaceAll("$1*");
  }

  @ParameterizedTest
  @EnumSource(SecurityEventKind.class)
  void the_page_shows_what_is_logged(SecurityEventKind kind) throws Exception {
    String line = fired(kind);
    CefEvent event = CefParser.strict().parse(line);

    assertThat(event.signature()).isEqualTo(kind.signature());
    if (!Boolean.getBoolean("restpipe.page.write")) {
      assertThat(examples())
          .as("examples on the page")
          .anySatisfy(example -> assertThat(comparable(example)).isEqualTo(comparable(line)));
    }
  }

  @ParameterizedTest
  @EnumSource(SecurityEventKind.class)
  void the_page_has_a_row_for_it(SecurityEventKind kind) throws Exception {
    assertThat(Files.readString(PAGE))
        .contains(
            "| `%s` | %s | %d | %s | "
                .formatted(kind.signature(), kind.title(), kind.severity(), kind.outcome()));
  }

  @Test
  void the_page_has_no_example_of_anything_else() throws Exception {
    if (Boolean.getBoolean("restpipe.page.write")) {
      write();
    }
    assertThat(examples()).hasSize(SecurityEventKind.values().length);
  }

  private static void write() throws Exception {
    var text = new StringBuilder();
    for (SecurityEventKind kind : SecurityEventKind.values()) {
      text.append("    ").append(fired(kind)).append('\n');
    }
    String page = Files.readString(PAGE);
    int from = page.indexOf(BEGIN) + BEGIN.length();
    Files.writeString(
        PAGE, page.substring(0, from) + "\n" + text + "\n" + page.substring(page.indexOf(END)));
  }

  private static List<String> examples() throws IOException {
    try (Stream<String> lines = Files.lines(PAGE)) {
      return lines.filter(line -> line.startsWith("    CEF:0|")).map(String::strip).toList();
    }
  }
}
