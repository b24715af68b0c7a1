package io.restpipe.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.security.SecurityEvent.Field;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class QueuedSecurityLogTest {

  private final List<SecurityEvent> told = new CopyOnWriteArrayList<>();

  private static SecurityEvent event(int number) {
    return SecurityEvent.builder(SecurityEventKind.LIMIT_HIT).reason("" + number).build();
  }

  @Test
  void passes_everything_on_in_order_before_it_is_closed() {
    try (var queue = new QueuedSecurityLog(told::add, Duration.ofSeconds(10))) {
      for (int i = 0; i < 1_000; i++) {
        queue.log(event(i));
      }
    }

    assertThat(told)
        .extracting(e -> e.fields().get(Field.REASON))
        .hasSize(1_000)
        .startsWith("0", "1", "2")
        .endsWith("999");
  }

  @Test
  void never_waits_and_tells_how_many_were_lost() throws Exception {
    var go = new CountDownLatch(1);
    var busy = new CountDownLatch(1);
    SecurityLog slow =
        event -> {
          busy.countDown();
          try {
            go.await();
          } catch (InterruptedException given) {
            Thread.currentThread().interrupt();
          }
          told.add(event);
        };

    try (var queue = new QueuedSecurityLog(slow, Duration.ofSeconds(10))) {
      queue.log(event(-1));
      busy.await();
      for (int i = 0; i < QueuedSecurityLog.CAPACITY + 7; i++) {
        queue.log(event(i));
      }
      go.countDown();
    }

    assertThat(told).hasSize(QueuedSecurityLog.CAPACITY + 2);
    SecurityEvent last = told.get(told.size() - 1);
    assertThat(last.kind()).isEqualTo(SecurityEventKind.EVENTS_LOST);
    assertThat(last.fields()).containsEntry(Field.MESSAGE, "7 events");
  }

  @Test
  void a_log_that_throws_loses_one_event_only() {
    try (var queue =
        new QueuedSecurityLog(
            event -> {
              if (event.fields().get(Field.REASON).equals("0")) {
                throw new IllegalStateException("broken");
              }
              told.add(event);
            },
            Duration.ofSeconds(10))) {
      queue.log(event(0));
      queue.log(event(1));
    }

    assertThat(told).containsExactly(event(1));
  }

  @Test
  void closing_does_not_wait_for_ever() {
    var never = new CountDownLatch(1);
    var queue =
        new QueuedSecurityLog(
            event -> {
              try {
                never.await();
              } catch (InterruptedException given) {
                Thread.currentThread().interrupt();
              }
            },
            Duration.ofMillis(50));
    queue.log(event(0));

    queue.close();

    queue.log(event(1));
    assertThat(told).isEmpty();
  }
}
