package io.restpipe.cef;

import static io.restpipe.cef.Records.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restpipe.security.Pem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What reaches a collector over TCP and TLS, and how often. */
@Timeout(60)
class CollectorDeliveryTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder;

  private SyslogSink.Builder tcp(int port) {
    return SyslogSink.tcp("127.0.0.1", port).spool(folder.resolve("spool"), 1 << 20);
  }

  /** The port may be taken for a moment by a connection that looks for the collector. */
  private static ScriptedCollector restarted(
      ServerSocketFactory factory, int port, List<String> lines) {
    return await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> new ScriptedCollector(factory, port, lines), Objects::nonNull);
  }

  private static List<String> texts(List<String> lines) {
    return lines.stream().map(line -> line.substring(line.indexOf("CEF"))).toList();
  }

  private static List<String> expected(int count) {
    return IntStream.range(0, count).mapToObj(i -> "CEF:" + i).toList();
  }

  private static void write(CefSink sink, int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      sink.write(record("CEF:" + i));
    }
  }

  @Test
  void delivers_every_record_once_and_in_order() throws IOException {
    try (var collector = new ScriptedCollector();
        SyslogSink sink = tcp(collector.port()).open()) {
      write(sink, 0, 5000);

      await().atMost(SOON).untilAsserted(() -> assertThat(texts(collector.lines)).hasSize(5000));
      assertThat(texts(collector.lines)).isEqualTo(expected(5000));
    }
  }

  @Test
  void keeps_records_while_there_is_no_collector() throws IOException {
    int port;
    try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = unused.getLocalPort();
    }
    try (SyslogSink sink = tcp(port).open()) {
      write(sink, 0, 100);
      try (var collector =
          restarted(ServerSocketFactory.getDefault(), port, new CopyOnWriteArrayList<>())) {
        await()
            .atMost(SOON)
            .untilAsserted(() -> assertThat(texts(collector.lines)).isEqualTo(expected(100)));
      }
    }
  }

  @Test
  void delivers_every_record_once_across_restarts_of_the_collector() throws Exception {
    var lines = new CopyOnWriteArrayList<String>();
    var collector = new ScriptedCollector(ServerSocketFactory.getDefault(), 0, lines);
    int port = collector.port();
    int count = 900;
    try (SyslogSink sink = tcp(port).open()) {
      for (int i = 0; i < count; i++) {
        write(sink, i, i + 1);
        // A record each millisecond, so that connections are ended while some are under way.
        LockSupport.parkNanos(1_000_000);
        if (i % 300 == 299) {
          collector.close();
          write(sink, count + i, count + i + 1);
          collector = restarted(ServerSocketFactory.getDefault(), port, lines);
        }
      }
      await().atMost(SOON).untilAsserted(() -> assertThat(lines).hasSizeGreaterThanOrEqualTo(903));
    }
    collector.close();

    assertThat(texts(lines)).containsAll(expected(count));
    assertThat(texts(lines)).contains("CEF:1199", "CEF:1499", "CEF:1799");
    assertThat(lines).hasSizeLessThan(903 + 100);
  }

  @Test
  void sends_again_what_was_in_a_connection_that_was_reset() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SyslogSink sink = tcp(server.getLocalPort()).open()) {
      write(sink, 0, 3);
      try (Socket socket = server.accept()) {
        assertThat(socket.getInputStream().read()).isEqualTo('<');
        socket.setSoLinger(true, 0);
      }
      var lines = new ArrayList<String>();
      while (lines.size() < 3) {
        try (Socket socket = server.accept()) {
          String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          all.lines().forEach(lines::add);
        }
      }
      assertThat(texts(lines)).isEqualTo(expected(3));
    }
  }

  @Test
  void delivers_after_a_restart_what_was_not_delivered_before() throws IOException {
    int port;
    try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = unused.getLocalPort();
    }
    try (Spool earlier = Spool.open(folder.resolve("spool"), 1 << 20)) {
      earlier.append("<1>CEF:0\n".getBytes(StandardCharsets.UTF_8));
    }

    try (var collector =
            restarted(ServerSocketFactory.getDefault(), port, new CopyOnWriteArrayList<>());
        SyslogSink sink = tcp(port).open()) {
      write(sink, 1, 2);

      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(texts(collector.lines)).isEqualTo(expected(2)));
    }
  }

  @Test
  void sends_what_is_left_when_it_is_closed() throws IOException {
    try (var collector = new ScriptedCollector()) {
      try (SyslogSink sink = SyslogSink.tcp("127.0.0.1", collector.port()).open()) {
        write(sink, 0, 200);
      }

      assertThat(texts(collector.lines)).isEqualTo(expected(200));
    }
  }

  @Test
  void delivers_over_tls_with_a_client_certificate() throws Exception {
    var lines = new CopyOnWriteArrayList<String>();
    var collector = new ScriptedCollector(clientsWanted(), 0, lines);
    int port = collector.port();
    try (SyslogSink sink = SyslogSink.tls("localhost", port, context("client")).open()) {
      write(sink, 0, 50);
      await().atMost(SOON).untilAsserted(() -> assertThat(texts(lines)).isEqualTo(expected(50)));
      collector.close();
      write(sink, 50, 100);
      collector = restarted(clientsWanted(), port, lines);

      await().atMost(SOON).untilAsserted(() -> assertThat(texts(lines)).isEqualTo(expected(100)));
    }
    collector.close();
  }

  @Test
  void tls_that_says_goodbye_over_unread_records_confirms_nothing() throws Exception {
    try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        SyslogSink sink =
            SyslogSink.tls("localhost", server.getLocalPort(), context("client")).open()) {
      server.setSoTimeout((int) SOON.toMillis());
      write(sink, 0, 3);
      try (Socket plain = server.accept()) {
        SSLSocket socket = secure(plain);
        await().atMost(SOON).until(() -> plain.getInputStream().available() > 0);
        socket.shutdownOutput(); // TLS's goodbye; the records are still unread
        plain.setSoLinger(true, 0);
      }
      String all = "";
      while (all.lines().count() < 3) {
        try (Socket plain = server.accept()) {
          byte[] read = secure(plain).getInputStream().readAllBytes();
          all += new String(read, StandardCharsets.UTF_8);
        }
      }

      assertThat(texts(all.lines().toList())).isEqualTo(expected(3));
    }
  }

  static SSLSocket secure(Socket plain) throws Exception {
    SSLSocket socket = insecure(plain);
    socket.startHandshake();
    return socket;
  }

  /** Before the handshake. */
  static SSLSocket insecure(Socket plain) throws Exception {
    var socket =
        (SSLSocket) context("collector").getSocketFactory().createSocket(plain, null, 0, false);
    socket.setUseClientMode(false);
    plain.setSoTimeout((int) SOON.toMillis());
    return socket;
  }

  @Test
  void sends_nothing_to_a_collector_whose_certificate_has_another_name() throws Exception {
    ServerSocketFactory impostor = context("client").getServerSocketFactory();
    var collector = new ScriptedCollector(impostor, 0, new CopyOnWriteArrayList<>());
    int port = collector.port();
    try (SyslogSink sink = SyslogSink.tls("localhost", port, context("client")).open()) {
      write(sink, 0, 1);
      await().atMost(SOON).until(() -> collector.accepted.get() > 1);
      assertThat(collector.lines).isEmpty();

      collector.close();
      try (var honest = restarted(clientsWanted(), port, new CopyOnWriteArrayList<>())) {
        await().atMost(SOON).untilAsserted(() -> assertThat(honest.lines).hasSize(1));
      }
    }
  }

  private static SSLServerSocketFactory clientsWanted() throws Exception {
    SSLServerSocketFactory factory = context("collector").getServerSocketFactory();
    return new SSLServerSocketFactory() {
      @Override
      public ServerSocket createServerSocket() throws IOException {
        var socket = (SSLServerSocket) factory.createServerSocket();
        socket.setNeedClientAuth(true);
        return socket;
      }

      @Override
      public ServerSocket createServerSocket(int port) {
        throw new UnsupportedOperationException();
      }

      @Override
      public ServerSocket createServerSocket(int port, int backlog) {
        throw new UnsupportedOperationException();
      }

      @Override
      public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
        throw new UnsupportedOperationException();
      }

      @Override
      public String[] getDefaultCipherSuites() {
        return factory.getDefaultCipherSuites();
      }

      @Override
      public String[] getSupportedCipherSuites() {
        return factory.getSupportedCipherSuites();
      }
    };
  }

  static SSLContext context(String name) throws Exception {
    Path tls = Path.of("src/test/resources/tls");
    char[] none = new char[0];
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, none);
    store.setCertificateEntry("ca", Pem.readCertificates(tls.resolve("ca.crt.pem")).get(0));
    store.setKeyEntry(
        name,
        Pem.readPrivateKey(tls.resolve(name + ".key.pem")),
        none,
        Pem.readCertificates(tls.resolve(name + ".crt.pem"))
            .toArray(new java.security.cert.Certificate[0]));
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, none);
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
