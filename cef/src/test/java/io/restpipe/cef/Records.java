package io.restpipe.cef;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Records and events for tests of what carries them. */
final class Records {

  static final CefDevice DEVICE = new CefDevice("RestPipe", "test", "1");
  static final Instant TIME = Instant.parse("2026-11-02T07:18:24.123Z");

  private Records() {}

  static CefRecord record(String text) {
    return record(TIME, text);
  }

  static CefRecord record(Instant time, String text) {
    return new CefRecord(time, text.getBytes(StandardCharsets.UTF_8));
  }

  static CefEvent event(String user) {
    return CefEvent.builder(DEVICE, "AuthFail", "Login failed", CefSeverity.of(5))
        .set(CefKeys.SUSER, user)
        .build();
  }
}
