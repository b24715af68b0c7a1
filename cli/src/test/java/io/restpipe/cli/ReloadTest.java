package io.restpipe.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.restpipe.auth.identity.CertificateAuthority;
import io.restpipe.security.IdentityFiles;
import io.restpipe.security.NodeRole;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running node that reads its settings again. */
class ReloadTest {

  private static final Map<String, String> QUIET =
      Map.of("RP_STATSD_HOST", "", "RP_STATSD_PORT", "");

  @TempDir Path folder;

  private Running start(String... more) throws Exception {
    IdentityFiles.in(folder, NodeRole.CLIENT)
        .write(CertificateAuthority.inMemory("Test").identity("box", NodeRole.CLIENT));
    String[] arguments = new String[5 + more.length];
    System.arraycopy(
        new String[] {"start", "--cert-path", folder.toString(), "--gateway", "127.0.0.1:0"},
        0,
        arguments,
        0,
        5);
    System.arraycopy(more, 0, arguments, 5, more.length);
    Running client = Running.start(RpClient.class, QUIET, arguments);
    client.await("rp-client ready");
    return client;
  }

  private void settings(String text) throws Exception {
    Files.writeString(folder.resolve("rp-client.ini"), text);
  }

  private static void hangUp(Running client) throws Exception {
    new ProcessBuilder("kill", "-HUP", String.valueOf(client.process().pid())).start().waitFor();
  }

  /** Under nohup, and whatever else ignores SIGHUP for its children, a JVM never hears of it. */
  private static boolean hearsHangUps() throws Exception {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return true;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
        .noneMatch(ignored -> (ignored & 1) != 0);
  }

  @Test
  void sighup_changes_what_can_be_changed_names_the_rest_and_refuses_what_is_wrong()
      throws Exception {
    assumeTrue(hearsHangUps(), "SIGHUP is ignored where this runs");
    try (Running client = start()) {
      settings("[log]\ndebug = 1\n[event]\ntimeout = 7s\n");
      hangUp(client);
      client.awaitPart("event.timeout = 7s (" + folder.resolve("rp-client.ini") + ":4) counts");
      client.awaitPart("log.debug is 1 now");

      settings("[log]\ndebug = 0\n[event]\ntimeot = 7s\n");
      hangUp(client);
      client.awaitPart("the configuration is wrong, all stays as it was");
      client.awaitPart("there is no such key; did you mean event.timeout?");

      settings("[log]\ndebug = 0\n[event]\ntimeout = 7s\n");
      hangUp(client);
      client.awaitPart("log.debug is 0 now");
    }
  }

  @Test
  void a_file_that_changes_is_read_again_where_this_is_wanted() throws Exception {
    try (Running client = start("--config-watch")) {
      settings("[log]\ndebug = 1\n");

      client.awaitPart("log.debug is 1 now");
    }
  }
}
