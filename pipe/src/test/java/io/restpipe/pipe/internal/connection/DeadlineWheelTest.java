package io.restpipe.pipe.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.restpipe.event.Body;
import io.restpipe.pipe.internal.wire.CancelCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deadlines, in a time that the test moves on. */
class DeadlineWheelTest {

  /** A tick, and the task that looks at it. */
  private static final long PRECISION = TimeUnit.MILLISECONDS.toNanos(40);

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final PipeConnection connection =
      Pair.connection(
          ConnectionSettings.defaults(), Role.DIALER, "peer", exchange -> {}, new Watcher());
  private final List<Waiting> expired = new ArrayList<>();
  private long now;
  private DeadlineWheel wheel;

  DeadlineWheelTest() {
    channel.freezeTime();
    wheel = new DeadlineWheel(channel.eventLoop(), () -> now);
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private final class Waiting extends Stream {

    private long expiredAt = -1;

    Waiting(long deadlineMillis) {
      super(DeadlineWheelTest.this.connection, 0);
      deadline = TimeUnit.MILLISECONDS.toNanos(deadlineMillis);
    }

    @Override
    void expired() {
      expiredAt = now;
      expired.add(this);
    }

    void assertOnTime() {
      assertThat(expiredAt - deadline).isBetween(0L, PRECISION);
    }

    @Override
    void writeHead(Outgoing out) {}

    @Override
    void deliver(Body body) {}

    @Override
    void bodyFailed(Throwable failure) {}

    @Override
    void cancelledByPeer(CancelCode code, String text) {}

    @Override
    void connectionLost(String why) {}

    @Override
    void ended() {}

    @Override
    void run() {}

    @Override
    void abandon() {}
  }

  private Waiting add(long deadlineMillis) {
    var waiting = new Waiting(deadlineMillis);
    wheel.add(waiting);
    return waiting;
  }

  private void pass(long millis) {
    for (long i = 0; i < millis; i += 5) {
      now += TimeUnit.MILLISECONDS.toNanos(5);
      channel.advanceTimeBy(5, TimeUnit.MILLISECONDS);
      channel.runScheduledPendingTasks();
    }
  }

  @Test
  void expires_each_when_its_time_has_come() {
    var all = new ArrayList<Waiting>();
    for (long millis : new long[] {0, 1, 20, 500, 8_580, 8_600, 9_000, 30_000, 61_000}) {
      all.add(add(millis));
    }

    pass(62_000);

    assertThat(expired).containsExactlyInAnyOrderElementsOf(all);
    all.forEach(Waiting::assertOnTime);
  }

  @Test
  void follows_a_deadline_that_moves_on() {
    Waiting moving = add(100);
    for (int i = 0; i < 300; i++) {
      moving.deadline = now + TimeUnit.MILLISECONDS.toNanos(100);
      pass(50);
    }
    assertThat(expired).isEmpty();

    pass(200);

    moving.assertOnTime();
  }

  @Test
  void forgets_what_is_removed() {
    Waiting removed = add(50);
    Waiting stays = add(50);
    wheel.remove(removed);
    wheel.remove(removed);

    pass(20_000);

    assertThat(expired).containsExactly(stays);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void is_right_about_any_mixture(long seed) {
    var random = new Random(seed);
    var all = new ArrayList<Waiting>();
    var removed = new ArrayList<Waiting>();
    for (int i = 0; i < 400; i++) {
      int kind = random.nextInt(10);
      if (kind < 7 || all.isEmpty()) {
        long from = TimeUnit.NANOSECONDS.toMillis(now);
        all.add(add(from + random.nextInt(kind < 3 ? 100 : 30_000)));
      } else {
        Waiting one = all.get(random.nextInt(all.size()));
        if (one.expiredAt < 0 && kind == 7) {
          wheel.remove(one);
          all.remove(one);
          removed.add(one);
        } else if (one.expiredAt < 0) {
          one.deadline += TimeUnit.MILLISECONDS.toNanos(random.nextInt(5_000));
        }
      }
      pass(random.nextInt(4) == 0 ? random.nextInt(3_000) : 0);
    }

    pass(60_000);

    all.forEach(Waiting::assertOnTime);
    removed.forEach(one -> assertThat(one.expiredAt).isNegative());
  }
}
