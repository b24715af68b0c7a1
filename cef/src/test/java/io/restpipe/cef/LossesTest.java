package io.restpipe.cef;

import static io.restpipe.cef.Records.DEVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LossesTest {

  private final Losses losses = new Losses(DEVICE, CefFormatter.builder().build());

  private Losses.Report report() {
    return Objects.requireNonNull(losses.take());
  }

  private static CefEvent event(Losses.Report report) {
    return CefParser.strict().parse(report.record().toString());
  }

  @Test
  void reports_each_loss_once() {
    losses.add("one reason");
    losses.add("another");

    assertThat(event(report()).get(CefKeys.CNT)).contains(2L);
    assertThat(losses.take()).isNull();
    assertThat(losses.total()).isEqualTo(2);
  }

  @Test
  void reports_when_it_was_although_that_is_told_late() {
    losses.add("the queue was full");
    Losses.Report first = report();
    Instant then = Instant.now();
    await().until(() -> Instant.now().isAfter(then.plusMillis(2)));

    losses.putBack(first);
    Losses.Report second = report();

    assertThat(event(second)).isEqualTo(event(first));
  }

  @Test
  void adds_what_is_lost_meanwhile_to_a_report_that_could_not_be_written() {
    losses.add("the queue was full");
    Losses.Report first = report();
    losses.add("the log was closed");

    losses.putBack(first);
    CefEvent all = event(report());

    assertThat(all.get(CefKeys.CNT)).contains(2L);
    assertThat(all.get(CefKeys.REASON)).contains("the log was closed");
    assertThat(all.get(CefKeys.START)).isEqualTo(event(first).get(CefKeys.START));
  }
}
