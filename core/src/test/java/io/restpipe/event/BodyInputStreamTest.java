package io.restpipe.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class BodyInputStreamTest {

  private final ScriptedBody body = new ScriptedBody();
  private final InputStream in = body.stream();

  @Test
  void a_body_in_memory_is_read_without_waiting_and_more_than_once() throws IOException {
    Body hello = Body.of("hello");

    assertThat(hello.stream().readAllBytes()).asString().isEqualTo("hello");
    assertThat(hello.stream().readAllBytes()).asString().isEqualTo("hello");
    assertThat(Body.empty().stream().read()).isEqualTo(-1);
  }

  @Test
  void bytes_come_in_order_and_are_released_when_read() throws IOException {
    body.give((byte) 1, (byte) 2, (byte) 3);
    body.give();
    body.give((byte) 0xff);
    body.subscriber.onComplete();

    assertThat(in.read()).isEqualTo(1);
    assertThat(in.read(new byte[10], 3, 5)).isEqualTo(2);
    assertThat(body.held).hasValue(2);
    assertThat(in.read()).isEqualTo(0xff);
    assertThat(body.held).hasValue(0);
    assertThat(in.read()).isEqualTo(-1);
    assertThat(in.read()).isEqualTo(-1);
  }

  @Test
  void no_more_is_asked_for_than_a_few_chunks_ahead() throws IOException {
    assertThat(body.requested).hasValue(16);
    for (int i = 0; i < 16; i++) {
      body.give((byte) i);
    }
    assertThat(body.requested).hasValue(16);

    in.read();

    assertThat(body.requested).hasValue(17);
    assertThat(in.available()).isEqualTo(15);
  }

  @Test
  void reading_nothing_does_not_wait() throws IOException {
    assertThat(in.read(new byte[0], 0, 0)).isZero();
    assertThatThrownBy(() -> in.read(new byte[2], 1, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void what_came_before_a_break_is_read_then_the_break_is_told() throws IOException {
    body.give((byte) 1);
    body.subscriber.onError(new BodyException(BodyException.Reason.BROKEN_OFF, "gone"));

    assertThat(in.read()).isEqualTo(1);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(in::read).isInstanceOf(BodyException.class).hasMessage("gone");
    }
  }

  @Test
  void another_failure_becomes_a_broken_body() {
    body.subscriber.onError(new IllegalStateException());

    assertThatThrownBy(in::read)
        .isInstanceOf(BodyException.class)
        .hasMessageContaining("IllegalStateException");
  }

  @Test
  void closing_early_cancels_and_releases_all() throws IOException {
    body.give((byte) 1, (byte) 2);
    body.give((byte) 3);
    in.read();

    in.close();
    in.close();
    body.give((byte) 4);

    assertThat(body.cancelled).isTrue();
    assertThat(body.held).hasValue(0);
    assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessage("stream is closed");
  }

  @Test
  void closing_after_the_end_cancels_nothing() throws IOException {
    body.subscriber.onComplete();
    in.close();

    assertThat(body.cancelled).isFalse();
  }

  @Test
  void closing_from_another_thread_wakes_the_reader() throws Exception {
    var read = inBackground();

    in.close();

    assertThatThrownBy(read::get).cause().hasMessage("stream is closed");
  }

  @Test
  void an_interrupt_ends_the_wait_and_stays_set() throws Exception {
    var flag = new CompletableFuture<Boolean>();
    var read =
        new FutureTask<Integer>(
            () -> {
              try {
                return in.read();
              } finally {
                flag.complete(Thread.currentThread().isInterrupted());
              }
            });
    var thread = new Thread(read);
    thread.start();
    await().until(() -> thread.getState() == Thread.State.WAITING);

    thread.interrupt();

    assertThatThrownBy(read::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedIOException.class);
    assertThat(flag.join()).isTrue();
  }

  private FutureTask<Integer> inBackground() {
    var read = new FutureTask<Integer>(in::read);
    var thread = new Thread(read);
    thread.start();
    await().until(() -> thread.getState() == Thread.State.WAITING);
    return read;
  }

  @Test
  void a_writer_and_a_reader_on_two_threads_agree() throws Exception {
    int chunks = 5000;
    var writer =
        new Thread(
            () -> {
              for (int i = 0; i < chunks; i++) {
                while (body.requested.get() <= i) {
                  Thread.onSpinWait();
                }
                body.give((byte) i, (byte) (i >> 8));
              }
              body.subscriber.onComplete();
            });
    writer.start();

    byte[] all = in.readAllBytes();

    writer.join();
    assertThat(all).hasSize(2 * chunks);
    for (int i = 0; i < chunks; i++) {
      assertThat(all[2 * i]).isEqualTo((byte) i);
      assertThat(all[2 * i + 1]).isEqualTo((byte) (i >> 8));
    }
    assertThat(body.held).hasValue(0);
  }

  @Test
  void a_close_at_any_moment_never_leaves_or_uses_a_released_chunk() throws Exception {
    for (int round = 0; round < 300; round++) {
      var raced = new ScriptedBody();
      InputStream stream = raced.stream();
      var go = new CountDownLatch(1);
      var failures = new ArrayList<Throwable>();
      Thread reader = racing(go, failures, () -> drain(stream));
      Thread writer =
          racing(
              go,
              failures,
              () -> {
                for (int i = 0; i < 16; i++) {
                  raced.give(new byte[64]);
                }
              });
      int spins = ThreadLocalRandom.current().nextInt(3000);
      go.countDown();
      for (int i = 0; i < spins; i++) {
        Thread.onSpinWait();
      }
      stream.close();
      reader.join();
      writer.join();

      assertThat(failures).isEmpty();
      assertThat(raced.held).hasValue(0);
    }
  }

  private static void drain(InputStream stream) {
    try {
      var some = new byte[7];
      while (stream.read(some) >= 0) {
        Thread.onSpinWait();
      }
    } catch (IOException closed) {
      // The way it ends.
    }
  }

  private static Thread racing(CountDownLatch go, ArrayList<Throwable> failures, Runnable task) {
    var thread =
        new Thread(
            () -> {
              try {
                go.await();
                task.run();
              } catch (Throwable failed) {
                synchronized (failures) {
                  failures.add(failed);
                }
              }
            });
    thread.start();
    return thread;
  }
}
