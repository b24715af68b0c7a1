package io.restpipe.cef;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;

/** Date and host before a record: {@code Nov 21 07:18:24 host }. */
final class RecordPrefix {

  private final byte[] host;
  private final ZoneId zone;

  RecordPrefix(String host, ZoneId zone) {
    this.host = SyslogField.of(host, SyslogField.MAX_HOST).getBytes(StandardCharsets.US_ASCII);
    this.zone = zone;
  }

  int length() {
    return "MMM dd HH:mm:ss ".length() + host.length + 1;
  }

  void write(Instant time, byte[] out, int start) {
    long millis = time.toEpochMilli();
    int at = CefTimeFormat.TIME.write(millis, zone.getRules().getOffset(time), out, start);
    out[at++] = ' ';
    System.arraycopy(host, 0, out, at, host.length);
    out[at + host.length] = ' ';
  }
}
