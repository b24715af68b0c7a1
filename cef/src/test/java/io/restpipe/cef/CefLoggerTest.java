package io.restpipe.cef;

import static io.restpipe.cef.Records.DEVICE;
import static io.restpipe.cef.Records.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CefLoggerTest {

  @TempDir Path folder;

  /** A sink that takes as many records as it has leave for, and can fail. */
  private static final class GatedSink implements CefSink {
    final List<CefEvent> events = new CopyOnWriteArrayList<>();
    final Semaphore leave = new Semaphore(0);
    final CountDownLatch waiting = new CountDownLatch(1);
    volatile boolean failing;

    @Override
    public void write(CefRecord record) throws IOException {
      if (failing) {
        throw new IOException("disk full");
      }
      try {
        waiting.countDown();
        leave.acquire();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      events.add(CefParser.strict().parse(record.toString()));
    }

    List<String> users() {
      return events.stream()
          .map(event -> event.get(CefKeys.SUSER))
          .flatMap(Optional::stream)
          .toList();
    }

    CefEvent lossReport() {
      return events.stream()
          .filter(event -> event.signature().equals(CefLogger.EVENTS_LOST))
          .findFirst()
          .orElseThrow();
    }

    @Override
    public void close() {}
  }

  private final GatedSink sink = new GatedSink();

  private static void log(CefLogger log, int from, int to) {
    for (int i = from; i < to; i++) {
      log.log(event("u" + i));
    }
  }

  private static List<String> users(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "u" + i).toList();
  }

  @Test
  void writes_all_events_in_order_and_waits_for_them_when_closed() throws IOException {
    sink.leave.release(1000);
    try (CefLogger log = CefLogger.builder(DEVICE, sink).open()) {
      log(log, 0, 1000);
    }

    assertThat(sink.users()).isEqualTo(users(0, 1000));
  }

  @Test
  void drops_counts_and_reports_what_does_not_fit_the_queue() throws Exception {
    try (CefLogger log = CefLogger.builder(DEVICE, sink).queueSize(4).open()) {
      log(log, 0, 1);
      sink.waiting.await();
      log(log, 1, 10);

      assertThat(log.lost()).isEqualTo(5);
      sink.leave.release(100);
      await().untilAsserted(() -> assertThat(sink.events).hasSize(6));
    }

    assertThat(sink.users()).isEqualTo(users(0, 5));
    CefEvent report = sink.lossReport();
    assertThat(report.get(CefKeys.CNT)).contains(5L);
    assertThat(report.get(CefKeys.REASON)).contains("the queue was full");
    assertThat(report.get(CefKeys.START)).isPresent();
  }

  @Test
  void blocks_no_longer_than_it_may() throws Exception {
    try (CefLogger log =
        CefLogger.builder(DEVICE, sink).queueSize(1).blockWhenFull(Duration.ofMillis(50)).open()) {
      log(log, 0, 1);
      sink.waiting.await();
      log(log, 1, 2);
      long start = System.nanoTime();
      log(log, 2, 3);

      assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(49).toNanos());
      assertThat(log.lost()).isEqualTo(1);
      sink.leave.release(100);
      log(log, 3, 8);
    }

    assertThat(sink.users()).isEqualTo(List.of("u0", "u1", "u3", "u4", "u5", "u6", "u7"));
  }

  @Test
  void spills_to_disk_and_keeps_the_order() throws Exception {
    try (CefLogger log =
        CefLogger.builder(DEVICE, sink).queueSize(4).spillWhenFull(folder, 1 << 20).open()) {
      log(log, 0, 100);
      sink.waiting.await();
      sink.leave.release(50);
      log(log, 100, 200);
      sink.leave.release(1000);
      await().untilAsserted(() -> assertThat(sink.events).hasSize(200));
      log(log, 200, 210);
    }

    assertThat(sink.users()).isEqualTo(users(0, 210));
  }

  @Test
  void keeps_what_was_spilled_for_the_next_run() throws Exception {
    try (CefLogger log =
        CefLogger.builder(DEVICE, sink)
            .queueSize(4)
            .spillWhenFull(folder, 1 << 20)
            .closeTimeout(Duration.ofMillis(1))
            .open()) {
      log(log, 0, 50);
    }
    assertThat(sink.events).isEmpty();

    sink.leave.release(1000);
    try (CefLogger log =
        CefLogger.builder(DEVICE, sink).queueSize(4).spillWhenFull(folder, 1 << 20).open()) {
      log(log, 50, 60);
    }

    assertThat(sink.users()).isEqualTo(users(0, 60));
  }

  @Test
  void writes_once_what_was_spilled_when_the_log_is_closed_meanwhile() throws Exception {
    for (int run = 0; run < 5; run++) {
      try (CefLogger log =
          CefLogger.builder(DEVICE, sink)
              .queueSize(4)
              .spillWhenFull(folder, 1 << 20)
              .closeTimeout(Duration.ofMillis(1))
              .open()) {
        log(log, 20 * run, 20 * run + 20);
        int expected = 10 * run + 10;
        sink.leave.release(10);
        await().untilAsserted(() -> assertThat(sink.events).hasSize(expected));
      }
    }

    sink.leave.release(1000);
    try (CefLogger log = CefLogger.builder(DEVICE, sink).spillWhenFull(folder, 1 << 20).open()) {
      log(log, 100, 101);
    }

    assertThat(sink.users()).isEqualTo(users(0, 101));
  }

  @Test
  void counts_what_a_full_spool_does_not_keep_of_the_queue() throws Exception {
    CefLogger log =
        CefLogger.builder(DEVICE, sink)
            .spillWhenFull(folder, 1 << 16)
            .closeTimeout(Duration.ofMillis(1))
            .open();
    log(log, 0, 2000);

    log.close();

    int kept = (int) (2000 - log.lost());
    assertThat(kept).isBetween(100, 1900);
    sink.leave.release(3000);
    CefLogger.builder(DEVICE, sink).spillWhenFull(folder, 1 << 16).open().close();
    assertThat(sink.users()).isEqualTo(users(0, kept));
  }

  @Test
  void tries_again_while_the_sink_fails() throws Exception {
    sink.failing = true;
    sink.leave.release(100);
    try (CefLogger log = CefLogger.builder(DEVICE, sink).open()) {
      log(log, 0, 10);
      assertThat(sink.events).isEmpty();
      sink.failing = false;
      await().untilAsserted(() -> assertThat(sink.users()).isEqualTo(users(0, 10)));
    }
  }

  @Test
  void gives_up_when_it_is_closed_and_counts_what_is_left() throws Exception {
    sink.failing = true;
    CefLogger log = CefLogger.builder(DEVICE, sink).closeTimeout(Duration.ofMillis(20)).open();
    log(log, 0, 10);

    log.close();
    log(log, 10, 11);

    assertThat(log.lost()).isEqualTo(11);
  }

  @Test
  void closes_at_once_when_nothing_waits() throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      CefLogger log = CefLogger.builder(DEVICE, sink).open();
      log.close();
    }

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  /** Hangs in writing and in closing, and can't be interrupted, as a stream that nobody reads. */
  private static final class HangingSink implements CefSink {
    @Override
    public synchronized void write(CefRecord record) {}

    @Override
    public synchronized void close() {}
  }

  @Test
  void closes_although_the_sink_hangs() throws Exception {
    var hanging = new HangingSink();
    CefLogger log = CefLogger.builder(DEVICE, hanging).closeTimeout(Duration.ofMillis(1)).open();
    synchronized (hanging) {
      log(log, 0, 10);

      log.close();

      assertThat(log.lost()).isEqualTo(10);
    }
  }

  @Test
  void counts_what_the_sink_adds_against_the_limit_of_a_record() throws Exception {
    Path file = folder.resolve("log");
    var formatter = CefFormatter.builder().maxBytes(600).build();
    FileSink prefixed = FileSink.builder(file).prefix().open();
    try (CefLogger log = CefLogger.builder(DEVICE, prefixed).formatter(formatter).open()) {
      CefEvent.Builder event = CefEvent.builder(DEVICE, "s", "n", CefSeverity.LOW);
      for (int i = 0; i < 100; i++) {
        event.extra("k" + i, "v".repeat(i % 7));
      }
      log.log(event.build());
    }

    assertThat(file.toFile().length()).isBetween(580L, 601L);
  }
}
