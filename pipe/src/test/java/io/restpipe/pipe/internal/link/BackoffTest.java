package io.restpipe.pipe.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private final Backoff longest = new Backoff(bound -> bound - 1);
  private final Backoff shortest = new Backoff(bound -> 0);

  @Test
  void a_hint_of_the_server_is_obeyed() {
    assertThat(shortest.hinted(100, 5_000)).isEqualTo(Duration.ofMillis(100).toNanos());
    assertThat(longest.hinted(100, 5_000)).isEqualTo(Duration.ofMillis(5_000).toNanos());
  }

  @Test
  void a_hint_of_days_is_cut_to_minutes() {
    long most = Backoff.LONGEST_HINT.toNanos();

    assertThat(longest.hinted(0, Integer.MAX_VALUE)).isEqualTo(most);
    assertThat(shortest.hinted(Integer.MAX_VALUE, Integer.MAX_VALUE)).isEqualTo(most);
  }

  @Test
  void the_first_attempt_comes_soon_and_later_ones_at_most_every_so_often() {
    assertThat(longest.next(Lane.NETWORK, 0)).isLessThanOrEqualTo(Lane.NETWORK.first().toNanos());
    assertThat(longest.next(Lane.NETWORK, Duration.ofHours(1).toNanos()))
        .isEqualTo(Lane.NETWORK.cap().toNanos());
  }
}
