package io.restpipe.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputStreamBodyTest {

  private static final Executor HERE = Runnable::run;

  private final ExecutorService pool = Executors.newFixedThreadPool(1);

  @AfterEach
  void stop() {
    pool.shutdownNow();
  }

  /** Counts what is read from it and knows whether it was closed. */
  private static final class Watched extends ByteArrayInputStream {

    private final AtomicBoolean closed = new AtomicBoolean();

    Watched(int size) {
      super(random(size));
    }

    synchronized int taken() {
      return pos;
    }

    @Override
    public void close() {
      closed.set(true);
    }
  }

  private static byte[] random(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 100_000})
  void all_bytes_arrive_with_and_without_a_length(int size) throws Exception {
    for (long length : new long[] {size, Body.UNKNOWN_LENGTH}) {
      for (Executor executor : new Executor[] {HERE, pool}) {
        var in = new Watched(size);
        var recorder = new Recorder(Long.MAX_VALUE);

        Body.from(in, length, executor).subscribe(recorder);

        assertThat(recorder.awaitEnd().bytes()).isEqualTo(random(size));
        assertThat(recorder.complete).isTrue();
        assertThat(recorder.ends).hasValue(1);
        assertThat(in.closed).isTrue();
      }
    }
  }

  @Test
  void nothing_is_read_that_was_not_asked_for() throws Exception {
    var in = new Watched(100_000);
    var recorder = new Recorder(0);
    Body.from(in, 100_000, HERE).subscribe(recorder);

    assertThat(in.taken()).isZero();
    recorder.subscription.request(2);
    assertThat(recorder.chunks).hasValue(2);
    assertThat(in.taken()).isEqualTo(32 * 1024);
    recorder.subscription.request(5);
    assertThat(recorder.awaitEnd().bytes()).isEqualTo(random(100_000));
  }

  @Test
  void asking_one_by_one_from_many_threads_loses_nothing() throws Exception {
    var recorder = new Recorder(0);
    Body.from(new Watched(1_000_000), Body.UNKNOWN_LENGTH, pool).subscribe(recorder);
    ExecutorService askers = Executors.newFixedThreadPool(4);
    try {
      for (int i = 0; i < 100; i++) {
        askers.execute(() -> recorder.subscription.request(1));
      }
      recorder.awaitEnd();
    } finally {
      askers.shutdownNow();
    }

    assertThat(recorder.bytes()).isEqualTo(random(1_000_000));
  }

  @Test
  void a_stream_that_is_longer_than_announced_is_cut() throws Exception {
    var recorder = new Recorder(Long.MAX_VALUE);
    Body.from(new Watched(100), 60, HERE).subscribe(recorder);

    assertThat(recorder.awaitEnd().bytes()).hasSize(60);
  }

  @Test
  void a_stream_that_is_shorter_than_announced_breaks_off() throws Exception {
    var recorder = new Recorder(Long.MAX_VALUE);
    Body.from(new Watched(100), 160, HERE).subscribe(recorder);

    assertThat(recorder.awaitEnd().failure)
        .isInstanceOf(BodyException.class)
        .hasMessage("source ended after 100 of 160 bytes");
  }

  @Test
  void what_a_slow_stream_has_is_passed_on_at_once() throws Exception {
    var out = new PipedOutputStream();
    var recorder = new Recorder(Long.MAX_VALUE);
    Body.from(new PipedInputStream(out), Body.UNKNOWN_LENGTH, pool).subscribe(recorder);

    out.write(new byte[] {1, 2, 3});
    out.flush();

    await().until(() -> recorder.bytes().length == 3);
    assertThat(recorder.complete).isFalse();
    out.close();
    assertThat(recorder.awaitEnd().complete).isTrue();
  }

  @Test
  void cancelling_interrupts_a_read_that_waits_and_leaves_the_thread_usable() throws Exception {
    var closed = new AtomicBoolean();
    var in =
        new PipedInputStream(new PipedOutputStream()) {
          @Override
          public void close() throws IOException {
            super.close();
            closed.set(true);
          }
        };
    var recorder = new Recorder(1);
    Body.from(in, Body.UNKNOWN_LENGTH, pool).subscribe(recorder);

    recorder.subscription.cancel();

    assertThat(pool.submit(Thread::interrupted).get(10, TimeUnit.SECONDS)).isFalse();
    assertThat(closed).isTrue();
    assertThat(recorder.ends).hasValue(0);
  }

  @Test
  void cancelling_before_the_first_read_closes_the_stream() {
    var in = new Watched(10);
    var recorder = new Recorder(0);
    Body.from(in, 10, HERE).subscribe(recorder);

    recorder.subscription.cancel();
    recorder.subscription.request(1);

    assertThat(in.closed).isTrue();
    assertThat(recorder.chunks).hasValue(0);
    assertThat(recorder.ends).hasValue(0);
  }

  @Test
  void discarding_closes_the_stream_unread() {
    var in = new Watched(10);

    Body.from(in, 10, HERE).discard();

    assertThat(in.closed).isTrue();
    assertThat(in.taken()).isZero();
  }

  @Test
  void a_full_executor_fails_the_body_and_closes_the_stream() throws Exception {
    Executor full =
        task -> {
          throw new RejectedExecutionException("full");
        };
    var in = new Watched(10);
    var recorder = new Recorder(1);

    Body.from(in, 10, full).subscribe(recorder);

    assertThat(recorder.awaitEnd().failure).hasMessage("full");
    assertThat(in.closed).isTrue();
    var unread = new Watched(10);
    Body.from(unread, 10, full).discard();
    assertThat(unread.closed).isTrue();
  }

  @Test
  void a_failing_stream_fails_the_body_once() throws Exception {
    var in =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("disk on fire");
          }
        };
    var recorder = new Recorder(Long.MAX_VALUE);
    Body.from(in, Body.UNKNOWN_LENGTH, HERE).subscribe(recorder);

    assertThat(recorder.awaitEnd().failure).hasMessage("disk on fire");
    assertThat(recorder.ends).hasValue(1);
  }

  @Test
  void an_error_in_a_stream_is_told_as_well() throws Exception {
    var in =
        new InputStream() {
          @Override
          public int read() {
            throw new AssertionError("broken");
          }
        };
    var recorder = new Recorder(1);
    Body.from(in, Body.UNKNOWN_LENGTH, pool).subscribe(recorder);

    assertThat(recorder.awaitEnd().failure).isInstanceOf(AssertionError.class);
  }

  @Test
  void a_second_subscriber_is_refused() throws Exception {
    Body body = Body.from(new Watched(10), 10, HERE);
    body.subscribe(new Recorder(Long.MAX_VALUE));
    var second = new Recorder(Long.MAX_VALUE);

    body.subscribe(second);

    assertThat(second.awaitEnd().failure).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void a_file_is_sent_with_its_length(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("file"), random(50_000));

    Body body = Body.from(file, pool);

    assertThat(body.length()).isEqualTo(50_000);
    assertThat(body.aggregate(50_000).get(10, TimeUnit.SECONDS)).isEqualTo(random(50_000));
  }

  @Test
  void a_file_that_is_missing_or_a_folder_is_refused_at_once(@TempDir Path folder) {
    assertThatThrownBy(() -> Body.from(folder, HERE)).isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> Body.from(folder.resolve("none"), HERE))
        .isInstanceOf(UncheckedIOException.class);
  }
}
