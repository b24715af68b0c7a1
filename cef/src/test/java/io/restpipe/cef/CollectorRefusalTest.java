package io.restpipe.cef;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.cef.CollectorConnection.End;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CollectorRefusalTest {

  @Test
  void tells_why_a_collector_that_wants_a_certificate_ended() throws Exception {
    var trusting = new TlsFiles(Path.of("src/test/resources/tls/ca.crt.pem"), null, null).context();
    try (var server =
        (SSLServerSocket)
            CollectorDeliveryTest.context("collector")
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setNeedClientAuth(true);
      var refusing = CompletableFuture.runAsync(() -> refuse(server));
      var collector = new Collector("localhost", server.getLocalPort(), trusting);
      try (CollectorConnection connection = collector.connect()) {
        // Under TLS 1.3 the handshake is over for us before the collector has looked at it.
        assertThat(connection.awaitEnd(Duration.ofSeconds(20))).isEqualTo(End.BROKEN);

        assertThat(connection.explained(new IOException("reset")))
            .isInstanceOf(SSLException.class)
            .hasMessageContaining("certificate");
      }
      refusing.join();
    }
  }

  private static void refuse(SSLServerSocket server) {
    try (var socket = (SSLSocket) server.accept()) {
      socket.startHandshake();
      throw new IllegalStateException("the collector took a client without a certificate");
    } catch (IOException e) {
      assertThat(e).isInstanceOf(SSLException.class);
    }
  }
}
