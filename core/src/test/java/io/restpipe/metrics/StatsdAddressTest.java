package io.restpipe.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatsdAddressTest {

  @Test
  void what_is_not_set_has_its_default() {
    assertThat(StatsdAddress.from(null, null)).contains(new StatsdAddress("localhost", 8125));
    assertThat(StatsdAddress.from("stats.example.org", null))
        .contains(new StatsdAddress("stats.example.org", 8125));
    assertThat(StatsdAddress.from(null, "9125")).contains(new StatsdAddress("localhost", 9125));
  }

  @Test
  void both_empty_is_off() {
    assertThat(StatsdAddress.from("", "")).isEmpty();
    assertThat(StatsdAddress.from(" ", "\t")).isEmpty();
  }

  @Test
  void a_host_without_a_port_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StatsdAddress.from("stats.example.org", ""))
        .withMessage(
            "RP_STATSD_PORT is empty but RP_STATSD_HOST is stats.example.org: set both to send to"
                + " a statsd, or both to nothing to send none");
  }

  @Test
  void a_port_without_a_host_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StatsdAddress.from("", "8125"))
        .withMessage(
            "RP_STATSD_HOST is empty but RP_STATSD_PORT is 8125: set both to send to a statsd,"
                + " or both to nothing to send none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65536", "-1", "8125x", "99999999999", "http"})
  void a_port_that_is_none_is_refused(String port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StatsdAddress.from("localhost", port))
        .withMessage("RP_STATSD_PORT must be a number from 1 to 65535: " + port);
  }

  @Test
  void reads_as_host_and_port() {
    assertThat(new StatsdAddress("localhost", 8125)).hasToString("localhost:8125");
    assertThat(new StatsdAddress("::1", 8125)).hasToString("[::1]:8125");
  }
}
