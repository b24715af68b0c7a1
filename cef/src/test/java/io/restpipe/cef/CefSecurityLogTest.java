package io.restpipe.cef;

import static io.restpipe.cef.Records.DEVICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CefSecurityLogTest {

  private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");

  private final List<CefEvent> events = new ArrayList<>();
  private Instant now = START;
  private final CefSecurityLog log =
      new CefSecurityLog(events::add, DEVICE, () -> "server-1", () -> now);

  private void pass(Duration time) {
    now = now.plus(time);
    log.tick();
  }

  private static SecurityEvent failure(String user, String address) {
    return failure(user, address, "wrong password");
  }

  private static SecurityEvent failure(String user, String address, String reason) {
    return SecurityEvent.builder(SecurityEventKind.LOGIN_FAILED)
        .user(user)
        .reason(reason)
        .from(new InetSocketAddress(address, 40_001))
        .build();
  }

  @Test
  void writes_every_field_under_a_key_of_the_dictionary() {
    SecurityEvent.Builder event =
        SecurityEvent.builder(SecurityEventKind.ACCESS_DENIED)
            .from(new InetSocketAddress("192.0.2.1", 7));
    for (Field field : Field.values()) {
      event.with(field, field.name());
    }

    log.log(event.build());

    assertThat(events)
        .singleElement()
        .hasToString(
            "CEF:0|RestPipe|test|1|AccessDenied|Access denied|6|rt=1795248000000 dvchost=server-1"
                + " outcome=failure src=192.0.2.1 spt=7 shost=PEER suser=USER reason=REASON"
                + " msg=MESSAGE requestMethod=METHOD request=PATH"
                + " requestClientApplication=USER_AGENT dhost=HOST"
                + " cs1Label=certificateSerial cs1=SERIAL cs2Label=tokenId cs2=TOKEN_ID"
                + " cs3Label=rule cs3=RULE cs4Label=limit cs4=LIMIT filePath=FILE");
  }

  @Test
  void has_a_sound_event_for_every_kind_with_a_signature_of_its_own() {
    for (SecurityEventKind kind : SecurityEventKind.values()) {
      log.log(SecurityEvent.builder(kind).build());
    }

    assertThat(events).hasSize(SecurityEventKind.values().length);
    assertThat(events.stream().map(CefEvent::signature)).doesNotHaveDuplicates();
    assertThat(events.stream().map(CefEvent::signature))
        .contains(
            "AuthFail", "CaptchaFail", "InvalidAdmin", "AccountLockout", "PasswordResetCleared");
    for (CefEvent event : events) {
      assertThat(CefParser.strict().parse(event.toString())).isEqualTo(event);
    }
  }

  @Test
  void counts_repeats_and_logs_them_as_one_after_a_minute() {
    for (int i = 0; i < 1000; i++) {
      log.log(failure("ann", "192.0.2.1"));
      now = now.plusMillis(10);
    }
    assertThat(events).hasSize(1);

    pass(Duration.ofMinutes(1));

    assertThat(events).hasSize(2);
    CefEvent repeats = events.get(1);
    assertThat(repeats.signature()).isEqualTo("AuthFail");
    assertThat(repeats.get(CefKeys.SUSER)).contains("ann");
    assertThat(repeats.get(CefKeys.CNT)).contains(999L);
    assertThat(repeats.get(CefKeys.START)).contains(START.plusMillis(10));
    assertThat(repeats.get(CefKeys.END)).contains(START.plusMillis(9990));

    pass(Duration.ofMinutes(5));
    assertThat(events).hasSize(2);
    log.log(failure("ann", "192.0.2.1"));
    assertThat(events).hasSize(3);
  }

  @Test
  void tells_different_users_and_addresses_apart() {
    log.log(failure("ann", "192.0.2.1"));
    log.log(failure("bob", "192.0.2.1"));
    log.log(failure("ann", "192.0.2.2"));

    assertThat(events).hasSize(3);
  }

  @Test
  void one_source_can_not_flood_it_and_hides_nobody_else() {
    for (int i = 0; i < 100_000; i++) {
      log.log(failure("u" + i, "192.0.2.1"));
    }
    assertThat(events).hasSize(20);
    log.log(failure("ann", "192.0.2.2"));
    assertThat(events.get(20).get(CefKeys.SUSER)).contains("ann");

    pass(Duration.ofMinutes(1));

    assertThat(events).hasSize(22);
    CefEvent others = events.get(21);
    assertThat(others.get(CefKeys.CNT)).contains(99_980L);
    assertThat(others.get(CefKeys.REASON)).contains("many different ones");
    assertThat(others.text("src")).contains("192.0.2.1");
    assertThat(others.text("suser")).isEmpty();

    log.log(failure("u1", "192.0.2.1"));
    assertThat(events).hasSize(23);
  }

  @Test
  void what_was_counted_is_logged_before_a_node_stops() {
    log.log(failure("ann", "192.0.2.1"));
    log.log(failure("ann", "192.0.2.1"));
    log.log(failure("ann", "192.0.2.1"));
    log.log(SecurityEvent.builder(SecurityEventKind.NODE_STOPPED).build());
    log.close();

    assertThat(events)
        .extracting(CefEvent::signature)
        .containsExactly("AuthFail", "AuthFail", "NodeStopped");
    assertThat(events.get(1).get(CefKeys.CNT)).contains(2L);
  }

  @Test
  void a_user_who_is_let_in_from_everywhere_is_named_without_address() {
    for (int i = 0; i < 30; i++) {
      log.log(
          SecurityEvent.builder(SecurityEventKind.LOGIN_SUCCEEDED)
              .from(new InetSocketAddress("192.0.2." + i, 7))
              .user("ann")
              .build());
    }
    log.close();

    CefEvent others = events.get(20);
    assertThat(others.get(CefKeys.CNT)).contains(10L);
    assertThat(others.get(CefKeys.SUSER)).contains("ann");
    assertThat(others.text("src")).isEmpty();
  }

  @Test
  void some_sources_hide_nobody_else() {
    for (int i = 0; i < 40_000; i++) {
      log.log(failure("u" + i, "192.0.2." + i % 40));
    }
    log.log(failure("ann", "198.51.100.7"));

    assertThat(events).hasSize(40 * 20 + 1);
    assertThat(events.get(800).get(CefKeys.SUSER)).contains("ann");
  }

  @Test
  void many_sources_can_not_flood_it() {
    for (int i = 0; i < 60_000; i++) {
      log.log(failure("u" + i, "10.%d.%d.1".formatted(i >> 8, i & 255)));
    }
    log.log(SecurityEvent.builder(SecurityEventKind.NODE_STARTED).build());
    assertThat(events).hasSize(1_001);

    pass(Duration.ofMinutes(1));

    assertThat(events).hasSize(1_002);
    CefEvent others = events.get(1_001);
    assertThat(others.get(CefKeys.CNT)).contains(59_000L);
    assertThat(others.text("src")).isEmpty();

    log.log(failure("u1", "192.0.2.1"));
    assertThat(events).hasSize(1_003);
  }

  @Test
  void a_network_of_ipv6_is_one_source() {
    for (int i = 0; i < 10_000; i++) {
      log.log(failure("u" + i, "2001:db8::" + Integer.toHexString(i)));
    }

    assertThat(events).hasSize(20);
  }

  private static SecurityEvent about(SecurityEventKind kind, String peer, String reason) {
    return SecurityEvent.builder(kind)
        .peer(peer)
        .reason(reason)
        .from(new InetSocketAddress("192.0.2.1", 7))
        .build();
  }

  @Test
  void tells_of_each_known_peer_and_user_behind_one_address() {
    for (int i = 0; i < 3_000; i++) {
      log.log(about(SecurityEventKind.PEER_CONNECTED, "client-" + i, null));
      log.log(
          SecurityEvent.builder(SecurityEventKind.LOGIN_SUCCEEDED)
              .user("user-" + i)
              .from(new InetSocketAddress("192.0.2.1", 7))
              .build());
    }

    assertThat(events).hasSize(6_000);
  }

  @Test
  void a_known_peer_can_not_flood_it_with_reasons() {
    for (int i = 0; i < 10_000; i++) {
      log.log(about(SecurityEventKind.PEER_DISCONNECTED, "mallory", "bye " + i));
    }
    log.log(about(SecurityEventKind.PEER_DISCONNECTED, "alpha", "bye"));
    log.close();

    assertThat(events).hasSize(22);
    assertThat(events.get(21).get(CefKeys.SHOST)).contains("mallory");
    assertThat(events.get(21).get(CefKeys.CNT)).contains(9_980L);
  }

  @Test
  void a_reason_that_says_what_repeats_say_is_a_reason() {
    for (int minute = 0; minute < 5; minute++) {
      for (int i = 0; i < 20; i++) {
        log.log(failure("u" + i, "192.0.2.1", "many different ones"));
      }
      pass(Duration.ofMinutes(1));
    }

    assertThat(events).hasSize(100);
  }

  @Test
  void logs_what_was_counted_when_it_is_closed() {
    log.log(failure("ann", "192.0.2.1"));
    log.log(failure("ann", "192.0.2.1"));

    log.close();

    assertThat(events).hasSize(2);
    assertThat(events.get(1).get(CefKeys.CNT)).contains(1L);
  }

  @Test
  void writes_through_a_logger(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("log");
    try (CefLogger logger = CefLogger.builder(DEVICE, FileSink.builder(file).open()).open();
        var ours = new CefSecurityLog(logger, DEVICE, "server-1")) {
      ours.log(failure("ann\nCEF:0|", "192.0.2.1"));
    }

    assertThat(file).content().contains("suser=ann\\nCEF:0| reason=wrong password").hasLineCount(1);
  }
}
