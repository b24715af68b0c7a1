package io.restpipe.gateway;

import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each request. Neither parameters nor the query are in it: they are as private as a
 * body.
 */
final class AccessLog {

  /** The status that is logged where the caller went away before its answer was complete. */
  static final int CALLER_GONE = 499;

  private static final Logger LOG = LoggerFactory.getLogger("io.restpipe.access");
  private static final double NANOS_PER_MILLI = 1_000_000.0;

  private final boolean on;

  AccessLog(boolean on) {
    this.on = on;
  }

  void request(
      String remote, String method, String target, int status, long bytes, long nanos, String id) {
    if (on && LOG.isInfoEnabled()) {
      LOG.info(
          "{} {} {} {} {} bytes {} ms {}",
          remote,
          printable(method),
          printable(path(target)),
          status,
          bytes,
          String.format(Locale.ROOT, "%.1f", nanos / NANOS_PER_MILLI),
          id.isEmpty() ? "-" : id);
    }
  }

  /** The target up to its parameters or query. */
  static String path(String target) {
    int end = target.indexOf('?');
    String path = end < 0 ? target : target.substring(0, end);
    int scheme = path.startsWith("/") ? 0 : Math.max(0, path.indexOf("://") + 3);
    int parameters = path.indexOf("//", scheme);
    return parameters < 0 ? path : path.substring(0, parameters) + "//...";
  }

  /** Nothing that a caller writes may look like another line, or like a terminal's commands. */
  private static String printable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= 0x20 || text.charAt(i) > 0x7e) {
        return text.replaceAll("[^\\x21-\\x7e]", "?");
      }
    }
    return text;
  }
}
