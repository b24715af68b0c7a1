package io.restpipe.cef;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;

/**
 * Puts a header of syslog before a record. Under RFC 3164 the event's own {@code CEF:} is the tag
 * unless there is another; under RFC 5424 the event is the message, without a byte order mark,
 * which consumers trip over.
 */
final class SyslogHeader {

  private static final int SECOND = 1000;

  private final SyslogFormat format;
  private final byte[] before;
  private final byte[] after;
  private final ZoneId zone;

  SyslogHeader(
      SyslogFormat format, int priority, String host, String tag, String pid, ZoneId zone) {
    this.format = format;
    this.zone = zone;
    if (format == SyslogFormat.RFC_3164) {
      before = ascii("<" + priority + ">");
      // The socket of a machine's own daemon wants no host.
      String from = host.isEmpty() ? "" : SyslogField.of(host, SyslogField.MAX_HOST) + " ";
      after = ascii(" " + from + tag3164(tag, pid));
    } else {
      String field = SyslogField.of(host, SyslogField.MAX_HOST);
      before = ascii("<" + priority + ">1 ");
      String application = SyslogField.of(tag, SyslogField.MAX_APPLICATION);
      after = ascii(" " + field + " " + application + " " + (pid.isEmpty() ? "-" : pid) + " - - ");
    }
  }

  private static String tag3164(String tag, String pid) {
    if (tag.isEmpty()) {
      return "";
    }
    String field = SyslogField.of(tag, SyslogField.MAX_APPLICATION).replace(':', '_');
    return field + (pid.isEmpty() ? "" : "[" + pid + "]") + ": ";
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  int length() {
    int time = format == SyslogFormat.RFC_3164 ? "MMM dd HH:mm:ss".length() : 24;
    return before.length + time + after.length;
  }

  byte[] message(CefRecord record) {
    byte[] text = record.bytes();
    byte[] message = new byte[length() + text.length];
    System.arraycopy(before, 0, message, 0, before.length);
    int at = time(record.time(), message, before.length);
    System.arraycopy(after, 0, message, at, after.length);
    System.arraycopy(text, 0, message, at + after.length, text.length);
    return message;
  }

  /** A message of RFC 3164 without date, host and tag, which somebody else will add. */
  byte[] withPriorityOnly(byte[] message) {
    int text = length();
    byte[] bare = Arrays.copyOf(message, before.length + message.length - text);
    System.arraycopy(message, text, bare, before.length, message.length - text);
    return bare;
  }

  private int time(Instant time, byte[] out, int start) {
    return format == SyslogFormat.RFC_3164 ? bsdTime(time, out, start) : isoTime(time, out, start);
  }

  /** {@code Nov 2 07:18:24}: RFC 3164 fills the day with a blank. */
  private int bsdTime(Instant time, byte[] out, int start) {
    ZoneOffset offset = zone.getRules().getOffset(time);
    int end = CefTimeFormat.TIME.write(time.toEpochMilli(), offset, out, start);
    if (out[start + 4] == '0') {
      out[start + 4] = ' ';
    }
    return end;
  }

  /** {@code 2026-11-21T07:18:24.123Z}. */
  private static int isoTime(Instant time, byte[] out, int start) {
    long second = time.getEpochSecond();
    String text = Instant.ofEpochSecond(second).toString();
    int at = Bytes.ascii(text, out, start) - 1;
    out[at++] = '.';
    at = Bytes.digits(Math.floorMod(time.toEpochMilli(), SECOND), 3, out, at);
    out[at] = 'Z';
    return at + 1;
  }
}
