package io.restpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.slf4j.LoggerFactory;

/**
 * Searches everything that the tests of all modules logged, at every level, for secrets. Runs when
 * they have, not among them: see this module's pom.xml.
 */
@EnabledIfSystemProperty(named = "restpipe.test.logfile", matches = ".*suite-logs\\.log")
class SuiteLogsTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  private static final String LOG = "target/logs/tests.log";

  /** A module of whose tests so many classes have reported has run as a whole. */
  private static final int MANY_REPORTS = 12;

  private static List<Path> modules() throws IOException {
    var modules = new ArrayList<Path>();
    try (Stream<Path> files = Files.walk(ROOT, 3)) {
      files
          .filter(file -> file.endsWith("src/test"))
          .map(tests -> tests.getParent().getParent())
          .forEach(modules::add);
    }
    return modules;
  }

  private static List<Path> filesIn(Path folder, String ending) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }

  private static SecretSearch search() throws IOException {
    return SecretSearch.ofSources(
        modules().stream().map(module -> module.resolve("src/test")).toList());
  }

  @Test
  void no_secret_is_in_any_log_of_the_suite() throws IOException {
    SecretSearch search = search();
    var findings = new ArrayList<String>();
    for (Path module : modules()) {
      Path log = module.resolve(LOG);
      if (Files.exists(log)) {
        findings.addAll(search.search(log));
      }
    }

    assertThat(findings).as("secrets in logs").isEmpty();
  }

  @Test
  void each_module_that_was_tested_has_logged() throws IOException {
    for (Path module : modules()) {
      if (filesIn(module.resolve("target/surefire-reports"), ".xml").size() >= MANY_REPORTS) {
        assertThat(module.resolve(LOG)).exists();
      }
    }
  }

  @Test
  void what_is_logged_is_found() throws IOException {
    LoggerFactory.getLogger("io.restpipe.planted").trace("Authorization: Basic YW5uOmhlcnM=");
    LoggerFactory.getLogger("planted").debug("Authorization: Basic YW5uOmhlcnM=");

    assertThat(search().search(Path.of(System.getProperty("restpipe.test.logfile")))).hasSize(2);
  }

  @Test
  void knows_the_secrets_in_the_tests() throws IOException {
    assertThat(search().known()).contains("s3cret of the store").hasSizeGreaterThan(10);
  }

  @Test
  void finds_a_secret_of_each_kind() {
    var planted =
        Map.ofEntries(
            Map.entry("JSON Web Token", "token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ." + a(43)),
            Map.entry("private key (PEM)", "-----BEGIN EC PRIVATE KEY-----"),
            Map.entry("private key (DER)", "MIGHAgEAMBMGByqGSM49AgEG" + a(20)),
            Map.entry("private key (JWK)", "{\"kty\":\"EC\",\"d\":\"" + a(43) + "\"}"),
            Map.entry("password hash", "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$" + a(43)),
            Map.entry("join token", "pipe.example.com:1234/rpj1.8e1c20f7." + a(32)),
            Map.entry("refresh token", "cookie " + a(22) + "." + a(43)),
            Map.entry("credentials of Basic", "authorization: Basic YW5uOmhlcnM="),
            Map.entry("credentials of Bearer", "Authorization: Bearer " + a(43)),
            Map.entry("credentials in a URL", "jdbc:postgresql://ann:hers@db/users"),
            Map.entry("password of a setting", "users.sql_password=hers (rp.ini:3)"));

    assertThat(planted.keySet()).isEqualTo(SecretSearch.kinds());
    var search = new SecretSearch(Set.of("hunter22hunter"));
    planted.forEach(
        (kind, line) ->
            assertThat(search.find(line)).hasValueSatisfying(it -> assertThat(it).contains(kind)));
    assertThat(search.find("login of ann with hunter22hunter"))
        .hasValueSatisfying(it -> assertThat(it).doesNotContain("hunter22"));
    assertThat(search.find("users.sql_password=*** client sent no certificate")).isEmpty();
  }

  private static String a(int length) {
    return Stream.generate(() -> "a").limit(length).collect(Collectors.joining());
  }
}
