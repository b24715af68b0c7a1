package io.restpipe.pipe.internal.dispatch;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How often a method ran, how long it took, and what went wrong last. Any thread. */
final class EventStats {

  private static final double NANOS_PER_MILLI = 1_000_000.0;

  /** More of an error's message is not kept. */
  private static final int LONGEST_MESSAGE = 500;

  private record Failure(String message, Instant time) {}

  private final LongAdder count = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final LongAdder misfits = new LongAdder();
  private final LongAdder totalNanos = new LongAdder();
  private final AtomicLong maxNanos = new AtomicLong();

  private volatile @Nullable Failure lastError;

  void ran(long nanos) {
    count.increment();
    totalNanos.add(nanos);
    // A new longest one is rare, and what is not written is shared by all processors.
    if (nanos > maxNanos.get()) {
      maxNanos.accumulateAndGet(nanos, Math::max);
    }
  }

  void failed(Throwable failure) {
    errors.increment();
    String message = ExceptionReply.message(failure);
    boolean longer = message.length() > LONGEST_MESSAGE;
    lastError =
        new Failure(longer ? message.substring(0, LONGEST_MESSAGE) : message, Instant.now());
  }

  /** The caller's parameters did not fit: not the method's fault, and counted apart. */
  void misfit() {
    misfits.increment();
  }

  /** For {@code $stats}. */
  Map<String, @Nullable Object> asMap() {
    long ran = count.sum();
    double total = totalNanos.sum() / NANOS_PER_MILLI;
    Failure last = lastError;
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("count", ran);
    map.put("errors", errors.sum());
    map.put("badParameters", misfits.sum());
    map.put("totalMillis", total);
    map.put("meanMillis", ran == 0 ? 0.0 : total / ran);
    map.put("maxMillis", maxNanos.get() / NANOS_PER_MILLI);
    map.put("lastError", last == null ? null : last.message());
    map.put("lastErrorTime", last == null ? null : last.time());
    return map;
  }
}
