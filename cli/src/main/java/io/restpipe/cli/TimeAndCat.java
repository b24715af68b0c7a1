package io.restpipe.cli;

import io.restpipe.event.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/** What is answered where nobody set a handler, byte for byte as RestPipe 0.2 did. */
final class TimeAndCat {

  private TimeAndCat() {}

  static Response time(String field) {
    Instant now = Instant.now();
    int micros = now.get(ChronoField.MICRO_OF_SECOND);
    return json(field, String.format(Locale.ROOT, "%d.%06d", now.getEpochSecond(), micros));
  }

  static Response cat(String field, String... parts) {
    return json(field, JsonMapper.shared().writeValueAsString(String.join("", parts)));
  }

  private static Response json(String field, String value) {
    String text = "{\"" + field + "\": " + value + "}";
    return Response.json(text.getBytes(StandardCharsets.UTF_8));
  }
}
