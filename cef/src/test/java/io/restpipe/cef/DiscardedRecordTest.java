package io.restpipe.cef;

import static io.restpipe.cef.Records.record;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A collector that ends as rsyslog with OpenSSL does. */
@Timeout(60)
class DiscardedRecordTest {

  private static final int TLS_RECORD = 1 << 14;

  @Test
  void what_is_read_and_thrown_away_at_the_end_of_tls_is_sent_again() throws Exception {
    try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        SyslogSink sink =
            SyslogSink.tls(
                    "localhost", server.getLocalPort(), CollectorDeliveryTest.context("client"))
                .open()) {
      server.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
      sink.write(record("CEF:first"));
      try (Socket plain = server.accept()) {
        CollectorDeliveryTest.secure(plain).getInputStream().read(new byte[TLS_RECORD]);
      }
      String lines = "";
      while (!lines.endsWith("\n")) {
        try (Socket plain = server.accept()) {
          byte[] read = CollectorDeliveryTest.secure(plain).getInputStream().readAllBytes();
          lines += new String(read, StandardCharsets.UTF_8);
        }
      }

      assertThat(lines).endsWith("CEF:first\n").containsOnlyOnce("CEF:");
    }
  }
}
