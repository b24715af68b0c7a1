package io.restpipe.cef;

import static io.restpipe.cef.Records.record;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways in which collectors, and senders, end. */
@Timeout(60)
class CollectorEndTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server.setSoTimeout((int) SOON.toMillis());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private SyslogSink overTls() throws Exception {
    return SyslogSink.tls(
            "localhost", server.getLocalPort(), CollectorDeliveryTest.context("client"))
        .open();
  }

  private static SSLSocket secure(Socket plain, String protocol) throws Exception {
    SSLSocket socket = CollectorDeliveryTest.insecure(plain);
    socket.setEnabledProtocols(new String[] {protocol});
    socket.startHandshake();
    return socket;
  }

  private static String text(byte[] read) {
    return new String(read, StandardCharsets.UTF_8);
  }

  /** As rsyslog with GnuTLS ends. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void a_collector_that_ends_without_a_goodbye_has_read_what_arrived(String protocol)
      throws Exception {
    try (SyslogSink sink = overTls()) {
      for (int i = 0; i < 20; i++) {
        sink.write(record("CEF:" + i));
        try (Socket plain = server.accept()) {
          byte[] read = secure(plain, protocol).getInputStream().readAllBytes();

          assertThat(text(read)).endsWith("CEF:" + i + "\n").containsOnlyOnce("CEF:");
        }
      }
    }
  }

  @Test
  void a_collector_that_waits_for_the_end_of_tcp_has_read_what_arrived() throws Exception {
    try (SyslogSink sink = overTls()) {
      for (int i = 0; i < 2; i++) {
        sink.write(record("CEF:" + i));
        try (Socket plain = server.accept()) {
          byte[] read = secure(plain, "TLSv1.3").getInputStream().readAllBytes();
          assertThat(text(read)).endsWith("CEF:" + i + "\n").containsOnlyOnce("CEF:");

          assertThat(plain.getInputStream().read()).isEqualTo(-1);
        }
      }
    }
  }

  @Test
  void a_batch_is_sent_once_to_a_collector_that_never_ends() throws Exception {
    SyslogSink sink = SyslogSink.tcp("127.0.0.1", server.getLocalPort()).open();
    sink.write(record("CEF:only"));
    try (Socket first = server.accept()) {
      var closing = CompletableFuture.runAsync(() -> close(sink));

      assertThat(text(first.getInputStream().readAllBytes())).containsOnlyOnce("CEF:only");
      closing.join();
      server.setSoTimeout(1);
      assertThat(accepted()).isZero();
    }
  }

  @Test
  void closing_does_not_hurry_a_collector_that_takes_nothing() throws Exception {
    SyslogSink sink = SyslogSink.tcp("127.0.0.1", server.getLocalPort()).open();
    sink.write(record("CEF:refused"));
    var refused = new AtomicInteger();
    var closing = CompletableFuture.runAsync(() -> close(sink));
    server.setSoTimeout(50);
    while (!closing.isDone()) {
      refused.addAndGet(accepted());
    }

    assertThat(refused.get()).isBetween(1, 50);
  }

  private static void close(SyslogSink sink) {
    try {
      sink.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** How many connections wait now; each is reset. */
  private int accepted() throws IOException {
    int count = 0;
    try {
      while (true) {
        Socket socket = server.accept();
        socket.setSoLinger(true, 0);
        socket.close();
        count++;
      }
    } catch (SocketTimeoutException e) {
      return count;
    }
  }
}
