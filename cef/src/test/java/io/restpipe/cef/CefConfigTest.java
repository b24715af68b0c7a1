package io.restpipe.cef;

import static io.restpipe.cef.Records.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.restpipe.security.Pem;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CefConfigTest {

  @TempDir Path folder;

  private static List<String> problems(Map<String, ?> section) {
    return catchThrowableOfType(CefConfigException.class, () -> CefConfig.of(section)).problems();
  }

  @Test
  void reads_the_section_and_opens_its_log() throws IOException {
    Path file = folder.resolve("log");
    var section =
        Map.of(
            "version", 0,
            "vendor", "example",
            "product", "shop",
            "device_version", "1.3",
            "file", file.toString(),
            "syslog_options", "PID,CONS",
            "syslog_facility", "AUTH",
            "syslog_ident", "ident",
            "syslog.priority", "ALERT");

    CefConfig config = CefConfig.of(section);
    try (CefLogger log = config.openLogger()) {
      log.log(event("ann"));
    }

    assertThat(config.device()).isEqualTo(new CefDevice("example", "shop", "1.3"));
    CefLine line = CefParser.strict().parseLine(Files.readAllLines(file).get(0));
    assertThat(line.event()).isEqualTo(event("ann"));
    assertThat(line.prefix().host()).isPresent();
  }

  @Test
  void sends_to_the_syslog_that_is_configured() throws IOException {
    try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      socket.setSoTimeout(10_000);
      var section =
          Map.of(
              "syslog_address", "udp://127.0.0.1:" + socket.getLocalPort(),
              "syslog_format", "rfc5424",
              "syslog_facility", "local7",
              "syslog_ident", "rp",
              "syslog_host", "h1");
      try (CefLogger log = CefConfig.of(section).openLogger()) {
        log.log(event("ann"));

        var packet = new DatagramPacket(new byte[2000], 2000);
        socket.receive(packet);
        assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8))
            .startsWith("<190>1 2")
            .contains("Z h1 rp - - - CEF:0|");
      }
    }
  }

  @Test
  void sends_over_tls_with_the_files_that_are_configured() throws Exception {
    Path tls = Path.of("src/test/resources/tls");
    try (var collector =
        new ScriptedCollector(
            new TlsFiles(
                    tls.resolve("ca.crt.pem"),
                    tls.resolve("collector.crt.pem"),
                    tls.resolve("collector.key.pem"))
                .context()
                .getServerSocketFactory(),
            0,
            new java.util.concurrent.CopyOnWriteArrayList<>())) {
      var section =
          Map.of(
              "syslog_address", "tls://localhost:" + collector.port(),
              "tls_ca", tls.resolve("ca.crt.pem"),
              "tls_certificate", tls.resolve("client.crt.pem"),
              "tls_key", tls.resolve("client.key.pem"),
              "spool", folder);
      try (CefLogger log = CefConfig.of(section).openLogger()) {
        log.log(event("ann"));

        await().untilAsserted(() -> assertThat(collector.lines).hasSize(1));
        assertThat(CefParser.strict().parse(collector.lines.get(0))).isEqualTo(event("ann"));
      }
    }
  }

  @Test
  void says_all_that_is_wrong_at_once() {
    var section =
        Map.of(
            "version", "2",
            "vendor", "v".repeat(64),
            "syslog_facility", "LOCAL9",
            "syslog.priority", "loud",
            "syslog_options", List.of("PID", "FAST"),
            "syslog_address", "tcp:/h",
            "max_length", 100,
            "time_format", "yyyy",
            "trusted_proxies", "10.0.0.0/33",
            "syslog_idnt", "x");

    assertThat(problems(section))
        .hasSize(10)
        .contains(
            "cef.version = 2: must be 0 to 1",
            "cef.vendor = " + "v".repeat(64) + ": must have at most 63 characters, and has 64",
            "cef.syslog.priority = loud: must be one of emerg, alert, crit, err, warning, notice, info, debug",
            "cef.syslog_options = PID,FAST: may have PID, CONS, NDELAY, NOWAIT and PERROR",
            "cef.max_length = 100: must be 512 to 1048576",
            "cef.trusted_proxies = 10.0.0.0/33: must be addresses or ranges such as 10.0.0.0/8",
            "cef.syslog_idnt = x: there is no such key; did you mean cef.syslog_ident?");
  }

  @Test
  void wants_a_decision_on_what_is_kept_for_a_collector() {
    assertThat(problems(Map.of("syslog_address", "tcp://h")))
        .singleElement()
        .asString()
        .contains("cef.spool is missing");
    assertThat(problems(Map.of("when_full", "spill")))
        .singleElement()
        .asString()
        .contains("cef.spill is missing");
    assertThat(problems(Map.of("tls_key", "k"))).singleElement().asString().contains("go together");
    assertThat(
            problems(
                Map.of("syslog_address", "tls://h", "spool", "memory", "tls_ca", folder + "/no")))
        .containsExactly("cef.tls_ca = " + folder + "/no: does not exist");
    CefConfig.of(Map.of("syslog_address", "tcp://h", "spool", "memory"));
  }

  @Test
  void reads_sizes_times_and_choices() {
    CefConfig.of(
        Map.of(
            "rotate_size", "10M",
            "rotate_every", "1d",
            "rotate_keep", 5,
            "fsync", "every_second",
            "when_full", "BLOCK",
            "block_at_most", "250ms",
            "syslog_framing", "octet_counting",
            "syslog_address", "udp://[::1]:514",
            "time_format", "MMM dd yyyy HH:mm:ss.SSS zzz",
            "time_zone", "Europe/Berlin"));

    assertThat(problems(Map.of("rotate_every", "often")).get(0)).contains("3650d");
    assertThat(problems(Map.of("rotate_size", "5")).get(0)).contains("1024");
    assertThat(problems(Map.of("file_prefix", "maybe")).get(0)).contains("true or false");
    assertThat(problems(Map.of("time_zone", "Mars")).get(0)).contains("Europe/Berlin");
  }

  @Test
  void refuses_what_no_sink_could_do() {
    assertThat(problems(Map.of("rotate_every", "999ms")))
        .containsExactly("cef.rotate_every = 999ms: must be 1s to 3650d, in ms, s, m, h or d");
    assertThat(problems(Map.of("block_at_most", "0ms")).get(0)).contains("1ms to 1h");
    assertThat(problems(Map.of("block_at_most", "999999999d")).get(0)).contains("1ms to 1h");
    for (String size : List.of("1025g", "17179869185g", "999999999999g", "9999999999999")) {
      assertThat(problems(Map.of("rotate_size", size)))
          .containsExactly(
              "cef.rotate_size = "
                  + size
                  + ": must be 1024 bytes to 1024g, such as 65536, 64k, 10m or 1g");
    }
    CefConfig.of(Map.of("rotate_every", "1s", "block_at_most", "60m", "spool_size", "1024g"));
  }

  @Test
  void names_choices_as_they_are_documented() {
    assertThat(problems(Map.of("fsync", "x")).get(0)).endsWith("never, every_second, always");
    assertThat(problems(Map.of("syslog_framing", "x")).get(0)).endsWith("newline, octet_counting");
    assertThat(problems(Map.of("syslog_format", "x")).get(0)).endsWith("rfc3164, rfc5424");
  }

  @Test
  void says_of_each_file_for_tls_what_is_wrong_with_it() throws IOException {
    Path tls = Path.of("src/test/resources/tls").toAbsolutePath();
    String certificate = tls.resolve("client.crt.pem").toString();
    String anothers = tls.resolve("collector.key.pem").toString();
    Path encrypted = folder.resolve("client.key.pem");
    var key = Pem.readPrivateKey(tls.resolve("client.key.pem"));
    Files.write(encrypted, Pem.write(key, "a passphrase of the test".toCharArray()));

    assertThat(problems(clientKey(tls, certificate, encrypted.toString())))
        .singleElement()
        .asString()
        .startsWith("cef.tls_key = " + encrypted + ": line 1: the private key is encrypted");
    assertThat(problems(clientKey(tls, certificate, anothers)))
        .containsExactly(
            "cef.tls_key = "
                + anothers
                + ": does not fit the first certificate in "
                + certificate
                + "; give the key of that");
    assertThat(problems(clientKey(tls, anothers, anothers)))
        .singleElement()
        .asString()
        .startsWith("cef.tls_certificate = " + anothers + ": holds no certificate");
  }

  private static Map<String, String> clientKey(Path tls, String certificate, String key) {
    return Map.of(
        "syslog_address",
        "tls://localhost",
        "spool",
        "memory",
        "tls_ca",
        tls.resolve("ca.crt.pem").toString(),
        "tls_certificate",
        certificate,
        "tls_key",
        key);
  }

  @Test
  void fails_to_open_what_cannot_be_opened() {
    CefConfig config = CefConfig.of(Map.of("file", folder.toString()));

    assertThatThrownBy(config::openLogger).isInstanceOf(IOException.class);
  }

  @Test
  void equals_a_section_of_the_same_content() {
    assertThat(CefConfig.of(Map.of("File", "x "))).isEqualTo(CefConfig.of(Map.of("file", "x")));
    assertThat(CefConfig.of(Map.of("file", "x"))).isNotEqualTo(CefConfig.of(Map.of("file", "y")));
  }
}
