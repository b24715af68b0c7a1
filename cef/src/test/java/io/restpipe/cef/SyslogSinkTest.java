package io.restpipe.cef;

import static io.restpipe.cef.Records.DEVICE;
import static io.restpipe.cef.Records.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyslogSinkTest {

  private static final int TIMEOUT = 10_000;

  @TempDir Path folder;

  private static String received(DatagramSocket socket) throws IOException {
    socket.setSoTimeout(TIMEOUT);
    var packet = new DatagramPacket(new byte[65_536], 65_536);
    socket.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
  }

  private static SyslogSink.Builder udp(DatagramSocket socket) {
    return SyslogSink.udp("127.0.0.1", socket.getLocalPort()).host("h1").zone(ZoneOffset.UTC);
  }

  @Test
  void sends_the_header_of_rfc_3164_with_the_event_as_its_tag() throws IOException {
    try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        SyslogSink sink = udp(socket).open()) {
      sink.write(record("CEF:0|ä"));

      String message = received(socket);
      assertThat(message).isEqualTo("<166>Nov  2 07:18:24 h1 CEF:0|ä");
      assertThat(sink.overhead()).isEqualTo(message.length() - "CEF:0|ä".length());
    }
  }

  @Test
  void sends_facility_priority_tag_and_process_id() throws IOException {
    long pid = ProcessHandle.current().pid();
    try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        SyslogSink sink =
            udp(socket)
                .facility(SyslogFacility.AUTH)
                .priority(SyslogPriority.ALERT)
                .ident("r p:")
                .pid(true)
                .open()) {
      sink.write(record("CEF:0|"));

      assertThat(received(socket)).isEqualTo("<33>Nov  2 07:18:24 h1 r_p_[" + pid + "]: CEF:0|");
    }
  }

  @Test
  void sends_the_header_of_rfc_5424() throws IOException {
    try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        SyslogSink sink = udp(socket).format(SyslogFormat.RFC_5424).ident("restpipe").open()) {
      sink.write(record("CEF:0|ä"));

      String message = received(socket);
      assertThat(message).isEqualTo("<166>1 2026-11-02T07:18:24.123Z h1 restpipe - - - CEF:0|ä");
      assertThat(sink.overhead()).isEqualTo(message.length() - "CEF:0|ä".length());
    }
  }

  @Test
  void counts_octets_on_request() throws IOException {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SyslogSink sink =
            SyslogSink.tcp("127.0.0.1", server.getLocalPort())
                .host("h1")
                .zone(ZoneOffset.UTC)
                .framing(SyslogFraming.OCTET_COUNTING)
                .open()) {
      sink.write(record("CEF:0|ä"));

      server.setSoTimeout(TIMEOUT);
      try (Socket socket = server.accept()) {
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .isEqualTo("32 <166>Nov  2 07:18:24 h1 CEF:0|ä");
      }
    }
  }

  @Test
  void shortens_records_to_the_largest_datagram() throws IOException {
    try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      socket.setReceiveBufferSize(1 << 20);
      var formatter = CefFormatter.builder().maxBytes(CefFormatter.LARGEST_MAX_BYTES).build();
      try (CefLogger log =
          CefLogger.builder(DEVICE, udp(socket).open()).formatter(formatter).open()) {
        CefEvent.Builder event = CefEvent.builder(DEVICE, "s", "n", CefSeverity.LOW);
        for (int i = 0; i < 1000; i++) {
          event.extra("key" + i, "v".repeat(100));
        }
        log.log(event.build());
        log.log(Records.event("ann"));

        assertThat(received(socket)).hasSizeBetween(65_300, 65_507);
        assertThat(received(socket)).endsWith("suser=ann");
      }
    }
  }

  @Test
  void refuses_settings_that_cannot_be() {
    assertThatThrownBy(() -> SyslogSink.udp("h", 0)).hasMessageContaining("1 to 65535");
    assertThatThrownBy(() -> SyslogSink.tcp("h", 1).spool(folder, 5)).hasMessageContaining("65536");
  }

  @Test
  void prints_records_to_a_stream() throws IOException {
    var out = new ByteArrayOutputStream();
    try (var sink = new PrintSink(new PrintStream(out, true, StandardCharsets.UTF_8))) {
      sink.write(record("CEF:0|ä"));
    }

    await()
        .untilAsserted(
            () -> assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("CEF:0|ä\n"));
  }
}
