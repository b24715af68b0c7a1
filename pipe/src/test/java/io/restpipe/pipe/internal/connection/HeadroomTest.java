package io.restpipe.pipe.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeadroomTest {

  private static final int KIB = 1024;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private long now;
  private final Headroom headroom = new Headroom(channel, 64 * KIB, () -> now);

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  /** Writes at an even rate for some time. */
  private void write(int bytesPerMilli, int millis) {
    for (int i = 0; i < millis; i++) {
      now += Duration.ofMillis(1).toNanos();
      headroom.wrote(bytesPerMilli);
    }
  }

  private int most() {
    return channel.config().getWriteBufferHighWaterMark() + 1;
  }

  @Test
  void begins_small() {
    assertThat(most()).isEqualTo(64 * KIB);
    assertThat(channel.config().getWriteBufferLowWaterMark()).isEqualTo(32 * KIB);
  }

  @Test
  void grows_where_the_network_takes_more_and_shrinks_with_it() {
    write(31 * KIB, 50);
    assertThat(most()).isEqualTo(64 * KIB);
    write(33 * KIB, 50);
    assertThat(most()).isEqualTo(128 * KIB);
    write(1000 * KIB, 50);
    assertThat(most()).isEqualTo(256 * KIB);
    write(31 * KIB, 50);
    assertThat(most()).isEqualTo(64 * KIB);
  }

  @Test
  void a_short_burst_counts_for_the_time_it_took_together_with_the_silence_before() {
    write(0, 49);
    write(1000 * KIB, 1);

    assertThat(most()).isEqualTo(64 * KIB);
  }
}
