package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.restpipe.config.ConfigException;
import io.restpipe.config.Configuration;
import io.restpipe.config.Problem;
import io.restpipe.config.Settings;
import io.restpipe.config.SettingsResolver;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CefSettingsTest {

  @TempDir Path folder;

  private SettingsResolver resolver(String section) throws Exception {
    Path file = folder.resolve("rp-server.ini");
    Files.writeString(file, "[cef]\n" + section);
    SettingsResolver resolver =
        Settings.of(ServerSettings.ALL).configuration(Configuration.from().file(file).load());
    CommonSettings.RULES.forEach(resolver::rule);
    return resolver;
  }

  private Settings settings(String section) throws Exception {
    return resolver(section).resolve();
  }

  @Test
  void by_default_events_go_to_the_log_of_the_node() throws Exception {
    assertThat(CefSettings.config(settings(""))).isPresent();
    try (SecurityLogging logging = SecurityLogging.open(settings(""))) {
      assertThat(logging.log()).isNotSameAs(SecurityLog.NONE);
    }
  }

  @Test
  void they_can_be_turned_off() throws Exception {
    try (SecurityLogging logging = SecurityLogging.open(settings("file = NONE\n"))) {
      assertThat(logging.log()).isSameAs(SecurityLog.NONE);
    }
  }

  @Test
  void everything_that_is_wrong_is_said_at_once_with_its_place() throws Exception {
    SettingsResolver resolver =
        resolver(
            """
            file = syslog
            version = 2
            syslog_address = tls://siem
            syslog.priority = LOUD
            max_length = many
            vendor = %s
            tls_ca = missing.pem
            syslog_idnt = x
            """
                .formatted("v".repeat(64)));

    Path file = folder.resolve("rp-server.ini");
    assertThat(catchThrowableOfType(ConfigException.class, resolver::resolve).problems())
        .extracting(Problem::toString)
        .anySatisfy(
            one -> assertThat(one).isEqualTo("cef.version = 2 (" + file + ":3): must be 0 to 1"))
        .anySatisfy(one -> assertThat(one).startsWith("cef.syslog.priority = LOUD (" + file))
        .anySatisfy(one -> assertThat(one).startsWith("cef.max_length = many (" + file))
        .anySatisfy(one -> assertThat(one).contains("must have at most 63 characters"))
        .anySatisfy(one -> assertThat(one).startsWith("cef.spool").contains("a folder"))
        .anySatisfy(
            one ->
                assertThat(one).startsWith("cef.tls_ca = missing.pem").contains("does not exist"))
        .anySatisfy(one -> assertThat(one).contains("did you mean cef.syslog_ident?"))
        .hasSize(7);
  }

  @Test
  void variables_set_them_too() {
    Settings settings =
        Settings.of(ServerSettings.ALL)
            .environment(Map.of("RP_CEF_FILE", "stdout", "RP_CEF_SYSLOG_PRIORITY", "ERR"))
            .resolve();

    assertThat(CefSettings.config(settings)).isPresent();
  }

  @Test
  void a_file_is_relative_to_the_file_that_names_it_and_has_all_when_it_is_closed()
      throws Exception {
    try (SecurityLogging logging =
        SecurityLogging.open(settings("file = security.log\nfile_prefix = no\n"))) {
      logging.node("server-1");
      for (int i = 0; i < 3; i++) {
        logging.log().log(SecurityEvent.builder(SecurityEventKind.NODE_STARTED).build());
      }
    }

    assertThat(Files.readAllLines(folder.resolve("security.log")))
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).startsWith("CEF:0|RestPipe|RestPipe|1|NodeStarted|"))
        .anySatisfy(line -> assertThat(line).contains("dvchost=server-1", "cnt=2"));
  }

  @Test
  void a_log_that_cannot_be_opened_is_said_before_anything_starts() throws Exception {
    Settings settings = settings("file = missing/security.log\n");

    CommandException refused =
        catchThrowableOfType(CommandException.class, () -> SecurityLogging.open(settings));

    assertThat(refused).hasMessageContaining("the security log cannot be opened");
  }
}
