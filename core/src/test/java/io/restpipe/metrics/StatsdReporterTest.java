package io.restpipe.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatsdReporterTest {

  private static final Duration ONLY_ON_CLOSE = Duration.ofHours(1);

  private final NodeMetrics metrics = new NodeMetrics();
  private DatagramSocket statsd;
  private StatsdAddress address;

  @BeforeEach
  void listen() throws IOException {
    statsd = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    statsd.setSoTimeout(10_000);
    address = new StatsdAddress("statsd.example.org", statsd.getLocalPort());
  }

  @AfterEach
  void stop() {
    statsd.close();
  }

  private static InetAddress loopback(String host) {
    return InetAddress.getLoopbackAddress();
  }

  private StatsdReporter reporter(Duration interval) {
    var reporter = new StatsdReporter(metrics, address, StatsdReporterTest::loopback);
    reporter.start(interval);
    return reporter;
  }

  private String packet() throws IOException {
    var packet = new DatagramPacket(new byte[1500], 1500);
    statsd.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
  }

  /** All packets that came before the reporter was closed. */
  private List<String> packets() throws IOException {
    statsd.setSoTimeout(50);
    List<String> packets = new ArrayList<>();
    try {
      while (true) {
        packets.add(packet());
      }
    } catch (SocketTimeoutException none) {
      return packets;
    }
  }

  @Test
  void many_ticks_are_one_packet_under_the_meters_own_name() throws IOException {
    var reporter = reporter(ONLY_ON_CLOSE);
    for (int i = 0; i < 1_000; i++) {
      metrics.counter("message.send.tick").increment();
    }
    metrics.counter("message.received.handle.get_time.tick").add(2);
    metrics.counter("client.connect.broken.tick");

    reporter.close();

    assertThat(packets())
        .containsExactlyInAnyOrder(
            "message.send.tick:1000|c", "message.received.handle.get_time.tick:2|c");
  }

  @Test
  void timings_are_sent_in_milliseconds() throws IOException {
    var reporter = reporter(ONLY_ON_CLOSE);
    var timer = metrics.timer("client.connect.heartbeat.timing");
    timer.recordNanos(320_400_000);
    timer.recordNanos(1_500_000);
    timer.recordNanos(300_000);

    reporter.close();

    assertThat(packets())
        .containsExactly(
            "client.connect.heartbeat.timing:320|ms",
            "client.connect.heartbeat.timing:2|ms",
            "client.connect.heartbeat.timing:0|ms");
  }

  @Test
  void a_busy_timer_sends_samples_whose_rate_keeps_the_count_right() throws IOException {
    var reporter = reporter(ONLY_ON_CLOSE);
    for (int i = 0; i < 12_345; i++) {
      metrics.timer("message.send.timing").recordNanos(7_000_000);
    }

    reporter.close();

    List<String> packets = packets();
    assertThat(packets).hasSize(Reservoir.SIZE);
    double count = 0;
    for (String packet : packets) {
      assertThat(packet).startsWith("message.send.timing:7|ms|@0.");
      count += 1 / Double.parseDouble(packet.substring(packet.indexOf('@') + 1));
    }
    assertThat(count).isCloseTo(12_345, within(0.001));
  }

  @Test
  void what_was_timed_before_the_reporter_is_sent_as_its_mean() throws IOException {
    metrics.timer("client.connect.new.attempt.timing").recordNanos(10_000_000);
    metrics.timer("client.connect.new.attempt.timing").recordNanos(20_000_000);

    reporter(ONLY_ON_CLOSE).close();

    assertThat(packets()).containsExactly("client.connect.new.attempt.timing:15|ms|@0.5");
  }

  @Test
  void gauges_are_sent_as_they_are() throws IOException {
    metrics.gauge("peers.connected", () -> 12);
    metrics.gauge("balance", () -> -3);
    metrics.gauge(
        "broken",
        () -> {
          throw new IllegalStateException("closed");
        });

    reporter(ONLY_ON_CLOSE).close();

    assertThat(packets())
        .containsExactlyInAnyOrder("peers.connected:12|g", "balance:0|g\nbalance:-3|g");
  }

  @Test
  void flushes_again_and_again_and_sends_only_what_is_new() throws IOException {
    var reporter = reporter(Duration.ofMillis(5));

    metrics.counter("message.send.tick").add(5);
    String first = packet();
    metrics.counter("message.send.tick").add(3);
    String second = packet();
    reporter.close();

    assertThat(first).isEqualTo("message.send.tick:5|c");
    assertThat(second).isEqualTo("message.send.tick:3|c");
    assertThat(packets()).isEmpty();
  }

  @Test
  void characters_that_would_end_a_name_are_replaced() throws IOException {
    var reporter = reporter(ONLY_ON_CLOSE);
    metrics.counter("a:b|c@d e\nf#g").increment();

    reporter.close();

    assertThat(packets()).containsExactly("a_b_c_d_e_f_g:1|c");
  }

  @Test
  void a_statsd_that_is_not_there_disturbs_nobody_and_is_found_when_it_comes_back()
      throws IOException {
    InetSocketAddress port = (InetSocketAddress) statsd.getLocalSocketAddress();
    statsd.close();
    var reporter = reporter(Duration.ofMillis(5));
    var ticks = new AtomicInteger();
    metrics.gauge("flushes", ticks::incrementAndGet);
    Awaitility.await().until(() -> ticks.get() > 3);

    statsd = new DatagramSocket(port);
    statsd.setSoTimeout(10_000);

    assertThat(packet()).startsWith("flushes:");
    reporter.close();
  }

  @Test
  void a_host_that_cannot_be_looked_up_is_tried_again_and_nothing_is_lost() throws IOException {
    var lookups = new AtomicInteger();
    metrics.counter("message.send.tick").add(5);
    var reporter =
        new StatsdReporter(
            metrics,
            address,
            host -> {
              if (lookups.incrementAndGet() == 1) {
                throw new UnknownHostException(host);
              }
              return InetAddress.getLoopbackAddress();
            });

    reporter.start(Duration.ofMillis(5));

    assertThat(packet()).isEqualTo("message.send.tick:5|c");
    assertThat(lookups).hasValue(2);
    reporter.close();
  }

  @Test
  void a_lookup_that_hangs_keeps_neither_callers_nor_close_waiting() {
    var never = new CountDownLatch(1);
    var reporter =
        new StatsdReporter(
            metrics,
            address,
            host -> {
              try {
                never.await();
              } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
              }
              throw new UnknownHostException(host);
            });
    reporter.start(Duration.ofMillis(5));
    metrics.counter("message.send.tick").increment();

    reporter.close();
    reporter.close();

    assertThat(metrics.prometheusText()).contains("restpipe_message_send_total 1\n");
  }

  @Test
  void starts_and_stops_against_the_default_lookup() throws IOException {
    var reporter =
        StatsdReporter.start(metrics, new StatsdAddress("127.0.0.1", statsd.getLocalPort()));
    metrics.counter("message.send.tick").increment();

    reporter.close();

    assertThat(packets()).containsExactly("message.send.tick:1|c");
  }
}
