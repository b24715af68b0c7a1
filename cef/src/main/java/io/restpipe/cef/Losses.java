package io.restpipe.cef;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts lost events, and makes the event that reports them. Any thread. */
final class Losses {

  private static final Logger LOG = LoggerFactory.getLogger(Losses.class);
  private static final CefSeverity SEVERITY = CefSeverity.of(8);

  private final CefDevice device;
  private final CefFormatter formatter;
  private final AtomicLong total = new AtomicLong();
  private final Warning warning = new Warning();

  // Under this object's lock.
  private long unreported;
  private @Nullable Instant first;
  private Instant last = Instant.EPOCH;
  private String reason = "";

  Losses(CefDevice device, CefFormatter formatter) {
    this.device = device;
    this.formatter = formatter;
  }

  /** Counts a loss. The reason is one of ours, never from outside. */
  void add(String why) {
    total.incrementAndGet();
    count(why);
    if (warning.isDue()) {
      LOG.warn("security events are lost, {} so far: {}", total, why);
    }
  }

  private synchronized void count(String why) {
    unreported++;
    reason = why;
    last = Instant.now();
    first = first == null ? last : first;
  }

  long total() {
    return total.get();
  }

  /** A record that reports what was lost and not yet reported, or null if nothing was. */
  synchronized @Nullable Report take() {
    if (unreported == 0) {
      return null;
    }
    Instant begin = first == null ? last : first;
    CefEvent event =
        CefEvent.builder(device, CefLogger.EVENTS_LOST, "Security events lost", SEVERITY)
            .set(CefKeys.CNT, Math.min(unreported, Integer.MAX_VALUE))
            .set(CefKeys.REASON, reason)
            .set(CefKeys.START, begin)
            .set(CefKeys.END, last)
            .build();
    var record = new CefRecord(last, formatter.bytes(event));
    var report = new Report(record, unreported, reason, begin, last);
    unreported = 0;
    first = null;
    return report;
  }

  /** The report could not be written: its events wait for the next. */
  synchronized void putBack(Report report) {
    if (unreported == 0) {
      reason = report.reason;
      last = report.last;
    }
    unreported += report.count;
    first = report.first;
  }

  /** A record, and what it tells. */
  record Report(CefRecord record, long count, String reason, Instant first, Instant last) {}
}
